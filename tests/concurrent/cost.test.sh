#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a thousand tokens cost a server, in counts that are the same on every machine: statements, rows read and rows
# removed through the storage engine's interface, pages of PostgreSQL. The bounds are about a quarter above what was
# counted last; a change that makes the program cheaper should lower them.
#   ITGC_COST_TOKENS   how many tokens (4000)
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

tokens=${ITGC_COST_TOKENS:-4000}

# counters: "name value" lines, of the whole server, which works for this script alone.
counters() {
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Com_commit', 'Handler_delete',
            'Handler_read_key', 'Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd_next')" | tr '\t' ' '
    else
        sql postgresql postgres <<<"SELECT 'commits ' || xact_commit || E'\ndeleted ' || tup_deleted || E'\npages ' || blks_hit + blks_read
            FROM pg_stat_database WHERE datname = '$name'"
    fi | sort
}

# cost NAME: that counter for each 1000 tokens, what the reading of counters takes included.
cost() {
    awk -v name="$1" -v removed="$removed" '$1 == name { printf "%.0f", ($3 - $2) * 1000 / removed }' "$work/cost"
}

# at_most NAME BOUND: removal of 1000 tokens takes no more than that of it, and is counted at all.
at_most() {
    local counted
    counted=$(cost "$1")
    echo "# $shape: $1 ${counted} for 1000 tokens, at most $2"
    [[ -n $counted ]] && ((counted > 0 && counted <= $2))
}

# The size of batches does not follow the clock here.
measure() {
    name=itgc_cost_${shape,,}
    backend=$(backend_of "$shape")
    make_shape "$shape" "$name"
    "$sim" seed --database-url "$(admin_url "$backend" "$name")" --tokens "$tokens" --garbage-share 0.9 --seed 1 \
        --ledger "$work/ledger" >"$work/out"
    counters >"$work/before"
    run run --full-speed --grace 0s --batch-time 10s --batch-size 1000 --ignore-clock-check --format json \
        --database-url "$(url "$backend" "$name")"
    removed=$(jq '.targets.access_token.removed' "$work/out")
    check "$shape: the run removes its tokens" [ "$code:$((removed > tokens / 2))" = 0:1 ]
    counters >"$work/after"
    join "$work/before" "$work/after" >"$work/cost"
}

# Where holders have foreign keys, the server removes what hangs on them without any handler.
for shape in V062 V108; do
    statements=75 deletes=12500 keys=10000 next=37500 scanned=6000
    [[ $shape == V062 ]] || statements=66 deletes=6000 keys=8500 next=26000 scanned=2500
    measure
    check "$shape: few statements" at_most Questions "$statements"
    check "$shape: few transactions" at_most Com_commit 3
    check "$shape: rows go once" at_most Handler_delete "$deletes"
    check "$shape: few look-ups by key" at_most Handler_read_key "$keys"
    check "$shape: few rows are read along an index" at_most Handler_read_next "$next"
    check "$shape: few rows are read by scans" at_most Handler_read_rnd_next "$scanned"
done
# The indexes that the newer schema lacks are made up for by reading whole small tables.
for shape in mitreid iam; do
    pages=26000
    [[ $shape == mitreid ]] || pages=78000
    measure
    check "$shape: few transactions" at_most commits 40
    check "$shape: rows go once" at_most deleted 12500
    check "$shape: few pages are touched" at_most pages "$pages"
done
exit $((failures > 0))
