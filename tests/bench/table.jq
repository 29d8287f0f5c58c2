# SPDX-License-Identifier: Apache-2.0
#
# bench.json as Markdown.

include "words";

def speed:
    if moves_nothing then "" else
        (.tokens_per_second.median | thousands)
        + if .runs > 1 then " (\(.tokens_per_second.min | thousands) to \(.tokens_per_second.max | thousands))" else "" end
    end;
def tables: if .failed then "**failed**" elif .same_tables == false then "**differ**" elif .same_tables then "same" else "" end;

def contender:
    line([(.contender | name), speed] + (if moves_nothing then ["", "", ""] else
            [(.times_tool | times), (.times_unlimited | times), (.rows_per_second | if . <= 0 then "" else thousands end)] end)
        + ["\(.issuance_p50_ms | short) / \(.issuance_p99_ms.median | short) / \(.issuance_max_ms | short)", (.errors | tostring)]
        + (if moves_nothing then ["", "", "", ""] else
            ["\(.lock_p99_ms | short) / \(.lock_max_ms | short)", (.client_peak_mib | short),
             "\(.client_cpu_ms_per_token | short) / \(.server_cpu_ms_per_token | short)", (.log_bytes_per_token | thousands)] end)
        + [tables]);

def target: line([.what, (.figure | short), .bound, (if .met == null then "not measured" elif .met then "met" else "**not met**" end)]);

def title:
    "\(.server // .backend), \(.case | rtrimstr("-disk"))"
    + if .case | endswith("-disk") then ", a quarter of the data in memory" else ", data in memory" end
    + ": \(.garbage_tokens | thousands) expired tokens, \(.rows | thousands) rows";

def one_case:
    title, "",
    line(["contender", "tokens/s", "of \(if .backend == "mariadb" then "pt-archiver" else "the loop" end)", "of unlimited", "rows/s",
          "issuance p50 / p99 / max, ms", "errors", "locks p99 / max, ms", "client MiB", "CPU client / server, ms a token", "log bytes a token", "tables"]),
    line([range(12) | "---"]),
    (.contenders[] | contender), "",
    line(["target", "figure", "bound", ""]), line([range(4) | "---"]), (.targets[] | target), "";

"\(.date), \(.machine), iam-sim issues 100 tokens/s meanwhile.", "",
(.cases[] | one_case),
(if .growth == [] then empty else line(["target", "figure", "bound", ""]), line([range(4) | "---"]), (.growth[] | target), "" end)
