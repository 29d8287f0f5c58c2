# SPDX-License-Identifier: Apache-2.0
#
# One measured run. Rates count what was there before and is not there afterwards; server processor time and log are those
# of contender and simulator together, what belongs to the simulator is taken off in summary.jq.

def percentile($share): if length == 0 then 0 else .[(length * $share | ceil) - 1] end;
def round3: . * 1000 | round / 1000;

($left | split("\n") | map(select(. != "") | split("\t") | {key: .[0], value: (.[1] | tonumber)}) | from_entries) as $left
| ($seed[0].rows | with_entries(select($left[.key] != null)) | add) as $rows
| ($left | add) as $rows_left
| $time[0] as $time | $sim[0] as $sim
| {
    case: $case, flood: $flood, server_version: $server_version, garbage_tokens: $tokens, contender: $contender, round: $round, exit_code: $code, state: $state, left: $left,
    seconds: $time.seconds,
    tokens: ($sample[0].tokens // $tokens),
    sample: ($sample != []),
    rows_before: $rows, rows_removed: ($rows - $rows_left),
    client: {cpu_s: ($time.user + $time.system | round3), peak_mib: ($time.peak_kib / 1024 | round3)},
    server: {
        cpu_s: ($after[0].cpu - $before[0].cpu | round3), cpu_purged_s: ($purged[0].cpu - $before[0].cpu | round3),
        elapsed_s: ($after[0].at - $before[0].at | round3), elapsed_purged_s: ($purged[0].at - $before[0].at | round3),
        log_bytes: ($after[0].log - $before[0].log)
    },
    locks: {
        count: ($locks | length), p50_ms: ($locks | percentile(0.5)), p99_ms: ($locks | percentile(0.99)),
        max_ms: ($locks | last // 0)
    },
    issuance: ($sim.issuance | {count, p50_ms, p99_ms, max_ms}),
    errors: ([$sim.errors[].count] | add // 0),
    first_error: ($sim.errors[0].first // null),
    intact: $sim.ledger.intact,
    nothing_s: ($nothing[0].seconds // null)
  }
