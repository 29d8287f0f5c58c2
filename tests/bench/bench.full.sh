#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The smallest benchmark on both servers: every contender ends with the same tables, and the table is whole. No timing is
# judged here.
# alone: its figures are times
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

contenders=(idle unlimited tool gc-1 gc-default)

bench() {
    code=0
    ITGC_BENCH_IDLE=2 ITGC_BENCH_CASES="V108 mitreid" "$source_dir/tests/bench/bench" tiny "$work/bench" \
        >"$work/out" 2>"$work/err" || code=$?
    [[ $code == 0 ]]
}

of_all() {
    jq --exit-status "[.cases[].contenders[]] | $1" "$work/bench/tiny/bench.json" >/dev/null
}

table_is_whole() {
    local rows=$((2 * ${#contenders[@]}))
    [[ $(grep -c '^| .*| same *|$' "$work/out") == $((rows - 2)) ]] && of_all "length == $rows" \
        && [[ $(grep -c '| target' "$work/out") == 2 ]]
}

check "the benchmark ends well" bench
check "every contender left the same tables" of_all 'map(select(.contender != "idle").same_tables) | all'
check "and removed something" of_all 'map(select(.contender != "idle").rows_per_second > 0) | all'
check "it prints a row for each contender, and the targets" table_is_whole
check "no row that was issued meanwhile is missing" of_all 'map(.intact) | all'
check "the picture is a picture" grep -q '</svg>' "$work/bench/tiny/bench.svg"
exit $((failures > 0))
