# SPDX-License-Identifier: Apache-2.0
#
# bench.json as the short tables of the README.

include "words";

def database: "\(.server | sub("[.][0-9]+$"; "")), \(.case | rtrimstr("-disk"))" + if .case | endswith("-disk") then ", a quarter in memory" else "" end;

def contender($database):
    line([$database, (.contender | name), (if moves_nothing then "" else (.tokens_per_second.median | thousands) end),
        (if moves_nothing then "" else "\(.times_tool | times)" end),
        "\(.issuance_p99_ms.median | short)", (if moves_nothing then "" else (.lock_p99_ms | short) end),
        (if moves_nothing then "" else (.client_peak_mib | short) end)]);

def targets:
    .cases as $cases
    | line(["target", "bound"] + [$cases[].case]), line([range(2 + ($cases | length)) | "---"]),
      ([$cases[].targets[].what] | reduce .[] as $what ([]; if index([$what]) then . else . + [$what] end) | .[] as $what
        | line([$what, ([$cases[].targets[] | select(.what == $what).bound] | first)]
            + [$cases[] | [.targets[] | select(.what == $what)] | first
                | if . == null or .met == null then "" elif .met then (.figure | short) else "**\(.figure | short)**" end]));

def flood: .cases | map(.flood) | max | thousands;

"\(.date), \(.machine), \(flood) tokens of a flood, 9 of 10 expired, and 5 % living population (\(.scale)):", "",
line(["database", "contender", "tokens/s", "of pt-archiver, or the loop", "issuance p99, ms", "locks p99, ms", "client MiB"]),
line([range(7) | "---"]),
(.cases[] | database as $database | .contenders[] | select(.contender != "gc-plan") | contender($database)), "",
"Targets, figures that miss them in bold:", "",
targets
