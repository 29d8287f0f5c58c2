#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The report over many tokens: it ends in time, no statement of it holds the server up, and it keeps no token.
#   ITGC_REPORT_TOKENS   how many tokens (200000); 'make report-cost' takes a million
# alone: its figures are times
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

tokens=${ITGC_REPORT_TOKENS:-200000}
sim=${ITGC_TEST_SIM:?run these tests with make test-full}

# The promise is a minute for a million tokens; less than a hundred thousand get as long as those.
seconds_allowed=$(awk -v tokens="$tokens" 'BEGIN { print 60 * (tokens > 100000 ? tokens : 100000) / 1000000 }')

# seed BACKEND DATABASE TOKENS
seed() {
    code=0
    "$sim" seed --database-url "$(admin_url "$1" "$2")" --tokens "$3" --garbage-share 0.9 --connections 2 \
        --json "$work/seed.json" >"$work/out" 2>"$work/err" || code=$?
    [[ $code == 0 ]]
}

report_in_time() {
    local start=$EPOCHREALTIME took
    run report --database-url "$(url "$1" cost)" --format json
    took=$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }')
    echo "# report over $(jq '.rows.access_token' "$work/seed.json") access tokens on $1: $took s"
    [[ $code == 0 ]] && awk -v took="$took" -v most="$seconds_allowed" 'BEGIN { exit !(took <= most) }'
}

# kib_of_report BACKEND DATABASE: the most memory that a report took.
kib_of_report() {
    command time -f %M -o "$work/kib" "$program" report --database-url "$(url "$1" "$2")" --format json >/dev/null
    cat "$work/kib"
}

# 8 MiB is what 40 bytes a token would add; a report that keeps its tokens takes more.
takes_no_memory_for_tokens() {
    local few many
    few=$(kib_of_report "$1" cost_few)
    many=$(kib_of_report "$1" cost)
    echo "# a report takes $few KiB for $((tokens / 10)) access tokens on $1, $many KiB for $tokens"
    ((many <= few + 8 * 1024))
}

all_counted() {
    [[ $(jq '.totals | .access.live + .access.expired + .access.never_expiring + .registration' "$work/out") == \
        "$(sql "$1" cost <<<'SELECT COUNT(*) FROM access_token')" ]]
}

for backend in mariadb postgresql; do
    make_schema $backend cost
    check "$backend: iam-sim fills a database with $tokens tokens" seed $backend cost "$tokens"
    check "$backend: the report ends within $seconds_allowed s" report_in_time $backend
    check "$backend: it counts every token once" all_counted $backend
    make_schema $backend cost_few
    check "$backend: and one of $((tokens / 10))" seed $backend cost_few "$((tokens / 10))"
    check "$backend: a report needs no more memory for ten times the tokens" takes_no_memory_for_tokens $backend
done
exit $((failures > 0))
