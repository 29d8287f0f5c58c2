# SPDX-License-Identifier: Apache-2.0
#
# All measured runs in, medians with their spread, ratios and targets out.

def median: sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def spread: {median: median, min: min, max: max};
def ratio($a; $b): if $a == null or $b == null or $b == 0 then null else $a / $b end;
def digits($n): if . == null then null else . * pow(10; $n) | round / pow(10; $n) end;

# What the simulator alone costs the server in a second.
def idle_per_second($field): [.[] | select(.contender == "idle") | .server[$field] / .server.elapsed_s] | median // 0;

def row($idle_cpu; $idle_log):
    . as $runs | {
        contender: .[0].contender, runs: length,
        sample: .[0].sample,
        tokens_per_second: (map(.tokens / .seconds) | spread),
        seconds: (map(.seconds) | spread),
        rows_per_second: (map(.rows_removed / .seconds) | median),
        issuance_p50_ms: (map(.issuance.p50_ms) | median),
        issuance_p99_ms: (map(.issuance.p99_ms) | spread),
        issuance_max_ms: (map(.issuance.max_ms) | max),
        errors: (map(.errors) | add), first_error: (map(.first_error) | map(select(. != null)) | first),
        intact: all(.intact), failed: any(.exit_code != 0),
        lock_p99_ms: (map(.locks.p99_ms) | median), lock_max_ms: (map(.locks.max_ms) | max),
        client_peak_mib: (map(.client.peak_mib) | max),
        client_cpu_ms_per_token: (map(.client.cpu_s * 1000 / .tokens) | median),
        server_cpu_ms_per_token: (map((.server.cpu_purged_s - $idle_cpu * .server.elapsed_s) * 1000 / .tokens) | median),
        log_bytes_per_token: (map((.server.log_bytes - $idle_log * .server.elapsed_s) / .tokens) | median),
        nothing_s: (map(.nothing_s | select(. != null)) | max),
        states: (map(.state) | unique)
    };

def works: .contender != "idle" and .contender != "gc-plan" and (.sample | not);

def rows:
    . as $runs
    | idle_per_second("cpu_s") as $cpu | idle_per_second("log_bytes") as $log
    | (map(select(.contender == "unlimited").state) | first) as $reference
    | (map(.contender) | unique) as $names
    | [reduce $runs[].contender as $name ([]; if index([$name]) then . else . + [$name] end) | .[] as $name
        | [$runs[] | select(.contender == $name)] | row($cpu; $log)
        | .same_tables = if works then .states == [$reference] else null end];

# The best of those contenders that were measured.
def best($names; field): [.[] | select(.contender as $name | $names | index([$name])) | field | select(. != null)];
def rate($name): best([$name]; .tokens_per_second.median)[0];
def fastest($names): best($names; .tokens_per_second.median) | max;
def p99($name): best([$name]; .issuance_p99_ms.median)[0];

def at_least($what; $figure; $bound): {what: $what, figure: $figure, bound: "at least \($bound)", met: (if $figure == null then null else $figure >= $bound end)};
def at_most($what; $figure; $bound): {what: $what, figure: $figure, bound: "at most \($bound)", met: (if $figure == null then null else $figure <= $bound end)};

def gc: ["gc-1", "gc-2", "gc-4", "gc-default"];

def speed_targets($backend):
    if $backend == "mariadb" then
        at_least("one worker, times pt-archiver"; ratio(rate("gc-1"); rate("pt-archiver")); 1.4),
        at_least("two workers or more, times pt-archiver"; ratio(fastest(["gc-2", "gc-4"]); rate("pt-archiver")); 1.8),
        at_least("one worker, times unlimited DELETEs"; ratio(rate("gc-1"); rate("unlimited")); 1.1),
        at_least("two workers or more, times unlimited DELETEs"; ratio(fastest(["gc-2", "gc-4"]); rate("unlimited")); 1.4)
    else
        at_least("times the usual loop"; ratio(fastest(["gc-1", "gc-2", "gc-4"]); rate("loop")); 1.8),
        at_least("times unlimited DELETEs"; ratio(fastest(["gc-1", "gc-2", "gc-4"]); rate("unlimited")); 1)
    end;

def quiet_targets($backend):
    at_most("issuance p99 at the default throttle, times idle"; ratio(p99("gc-default"); p99("idle")); 2),
    if $backend == "mariadb" then
        at_most("issuance p99 at the default throttle, times pt-archiver"; ratio(p99("gc-default"); p99("pt-archiver")); 0.5),
        at_most("issuance p99 at full speed, times pt-archiver"; ratio(best(["gc-1", "gc-2", "gc-4"]; .issuance_p99_ms.median) | max; p99("pt-archiver")); 1)
    else empty end,
    at_most("issuance errors"; best(gc; .errors) | add; 0),
    at_most("locks held at p99, ms"; best(gc; .lock_p99_ms) | max; 250),
    at_most("client memory, MiB"; best(gc; .client_peak_mib) | max; 32),
    at_most("plan of a million tokens, s"; best(["gc-plan"]; 1e6 / .tokens_per_second.median)[0]; 10),
    at_most("a run that finds nothing, s"; best(gc; .nothing_s) | max; 1);

def one_case:
    .[0] as $first
    | rows as $rows
    | ($rows | rate("pt-archiver") // rate("loop")) as $tool | ($rows | rate("unlimited")) as $unlimited
    | ($first.case | if startswith("V") then "mariadb" else "postgresql" end) as $backend
    | {
        case: $first.case, flood: $first.flood, backend: $backend, server: $first.server_version,
        garbage_tokens: $first.garbage_tokens, rows: $first.rows_before,
        contenders: [$rows[]
            | .times_tool = ratio(.tokens_per_second.median; $tool)
            | .times_unlimited = ratio(.tokens_per_second.median; $unlimited)],
        targets: [$rows | speed_targets($backend), quiet_targets($backend)]
    };

[group_by(.flood)[] | group_by(.case)[] | one_case] as $cases
| {
    scale: $scale, machine: $machine, date: $date, cases: $cases,
    growth: [$cases[] | select(.flood > 500000) as $large
        | ($cases[] | select(.flood == 500000 and .case == $large.case)) as $small
        | at_least("\($large.case): tokens/s at \($large.flood) against those at 500000";
            ratio($large.contenders | rate("gc-1"); $small.contenders | rate("gc-1")); 0.8)],
    whole: all($cases[].contenders[]; (.failed | not) and .same_tables != false)
  }
