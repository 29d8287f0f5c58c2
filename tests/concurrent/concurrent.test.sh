#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The program works while iam-sim plays the server: no promised row is lost, the garbage goes, the server meets no error
# and hardly waits. Latency is measured in turns of equal length: without the program, beside it, beside it at full
# speed, and beside two workers at full speed, whose latency is shown only. Other work on the machine reaches a turn as
# well, so a bound on latency counts as held when it holds in one of at most three rounds of turns; everything else has
# to hold in all of them.
#   ITGC_CONCURRENT_SECONDS   length of a turn (2)
#   ITGC_CONCURRENT_BOUNDS    not empty: judge the latencies
#   ITGC_CONCURRENT_SHAPES    what to test (V062 V096 V108 V121 iam mitreid)
#   ITGC_CONCURRENT_RESULTS   folder for results.json, which latency-table reads (none)
# alone: it counts latencies and errors of a server under load
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
seconds=${ITGC_CONCURRENT_SECONDS:-2}
shapes=${ITGC_CONCURRENT_SHAPES:-V062 V096 V108 V121 iam mitreid}
results=${ITGC_CONCURRENT_RESULTS:-}
bounds=${ITGC_CONCURRENT_BOUNDS:-}

# Servers, simulator and program go before whatever else the machine does, where that is allowed: what is measured is
# what they do to each other.
if [[ -z ${ITGC_CONCURRENT_INSIDE:-} ]]; then
    first=()
    if nice -n -15 true 2>/dev/null && [[ $(nice -n -15 nice) != "$(nice)" ]]; then
        first=(nice -n -15)
    fi
    tests=$(dirname "$0")/..
    exec env ITGC_CONCURRENT_INSIDE=1 "${first[@]}" "$tests/with-mariadb" "$tests/with-postgresql" "$0"
fi

# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

rounds=${bounds:+3}
rounds=${rounds:-1}
rate=100
batch_time_ms=20
# More than a run removes in a second; where latency is judged no turn may be without garbage, and others need little.
tokens_per_second=8000

# garbage_for MODE: what a turn needs on a quick machine, if its latency is judged.
garbage_for() {
    local per_second=15000
    [[ -n $bounds && $1 != idle ]] || return 0
    [[ $backend != postgresql ]] || per_second=90000
    [[ $1 != default ]] || per_second=$((per_second / 2))
    "$sim" seed --database-url "$url" --tokens $((per_second * seconds)) --expired-only \
        --seed $((++seedings + seed)) >"$work/out"
}

# turn ROUND MODE [OPTION...]: the simulator for one turn, and the program beside it unless the mode is idle.
turn() {
    local mode=$2 file=$work/$shape.$1.$2
    shift 2
    garbage_for "$mode"
    if [[ $mode != idle ]]; then
        start_loop --grace 0s "$@"
    fi
    code=0
    "$sim" run --database-url "$url" --rate $rate --seconds "$seconds" --seed "$((++turns + seed))" \
        --clear-on-refresh=rows --lifetime 3600:9,2:1 \
        --adopt "$work/ledger" --ledger "$work/ledger.new" --json "$file.json" >"$work/out" 2>"$work/err" || code=$?
    mv "$work/ledger.new" "$work/ledger"
    if [[ $mode != idle ]]; then
        stop_loop
        loops_ended+=" $loop_code"
        removed_by_loop >"$file.removed"
    fi
}

figure() {
    jq ".issuance.$3" "$work/$shape.$1.$2.json"
}

# within ROUND MODE FACTOR: p99 is at most so many times that of the idle turn.
within() {
    jq --exit-status --null-input "$(figure "$1" "$2" p99_ms) <= $3 * $(figure "$1" idle p99_ms)" >/dev/null
}

# A stall would be seen as an issuance that took a whole batch longer than the slowest idle one.
without_stall() {
    jq --exit-status --null-input \
        "$(figure "$1" "$2" max_ms) <= $batch_time_ms + $(figure "$1" idle max_ms)" >/dev/null
}

# in_some_round COMMAND ARGUMENT...: COMMAND ROUND ARGUMENT...
in_some_round() {
    local round command=$1
    shift
    for ((round = 1; round <= last_round; round++)); do
        if "$command" "$round" "$@"; then
            return 0
        fi
    done
    for ((round = 1; round <= last_round; round++)); do
        echo "  round $round: idle p99 $(figure "$round" idle p99_ms) max $(figure "$round" idle max_ms)," \
            "$1 p99 $(figure "$round" "$1" p99_ms) max $(figure "$round" "$1" max_ms) ms"
    done
    return 1
}

round_is_good() {
    within "$1" default 2 && within "$1" full 5 && without_stall "$1" default && without_stall "$1" full
}

no_errors() {
    ! jq --compact-output '.errors[]' "$work/$shape".*.json | grep .
}

intact() {
    [[ $(jq '.ledger.intact' "$work/$shape".*.json | sort -u) == true ]] && "$sim" check --database-url "$url" --ledger "$work/ledger"
}

worked() {
    local file
    [[ ! $loops_ended =~ [1-9] ]] || { echo "  loops ended:$loops_ended"; tail -3 "$work/loop.err"; return 1; }
    for file in "$work/$shape".*.removed; do
        (($(<"$file") > 0)) || return 1
    done
}

# The best round by its slowest turn, as one line of JSON.
result() {
    local round mode
    for ((round = 1; round <= last_round; round++)); do
        for mode in idle default full; do
            jq --compact-output --arg shape "$shape" --arg mode "$mode" --arg server "$server" \
                --argjson round "$round" --argjson removed "$(cat "$work/$shape.$round.$mode.removed" 2>/dev/null || echo 0)" \
                '{shape: $shape, server: $server, round: $round, mode: $mode, rate, seconds, removed: $removed, issuance}' \
                "$work/$shape.$round.$mode.json"
        done
    done
}

server_version() {
    if [[ $backend == mariadb ]]; then
        echo "MariaDB $(sql mariadb mysql <<<'SELECT VERSION()' | sed 's/-.*//')"
    else
        echo "PostgreSQL $(sql postgresql postgres <<<'SHOW server_version' | sed 's/ .*//')"
    fi
}

# The optional right of the grants file, with which a run sees whom it keeps waiting.
grant_watching() {
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"GRANT PROCESS ON *.* TO '$account'@'%'"
    else
        sql postgresql postgres <<<"GRANT pg_read_all_stats TO $account"
    fi
}

test_shape() {
    backend=$(backend_of "$shape")
    url=$(admin_url "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    server=$(server_version)
    turns=0
    seedings=0
    loops_ended=
    make_shape "$shape" "$name"
    grant_watching
    "$sim" seed --database-url "$url" --tokens $((tokens_per_second * seconds)) --garbage-share 0.9 \
        --seed "$seed" --ledger "$work/ledger" >"$work/out"
    for ((last_round = 1; ; last_round++)); do
        turn $last_round idle
        turn $last_round default
        turn $last_round full --full-speed
        turn $last_round workers --full-speed --workers 2
        if ((last_round == rounds)) || round_is_good $last_round; then
            break
        fi
    done
    result >>"$work/results.json"
    run run --full-speed --grace 0s
    check "$shape: the server meets no error while the program works" no_errors
    check "$shape: every promised row is there and whole" intact
    check "$shape: no run fails, and each loop removes something" worked
    check "$shape: all garbage is gone in the end" [ "$(expired "$backend" "$name")" = 0 ]
    if [[ -n $bounds ]]; then
        check "$shape: issuance takes at most twice as long at p99" in_some_round within default 2
        check "$shape: and at most five times at full speed" in_some_round within full 5
        check "$shape: no issuance stalls for longer than a batch" in_some_round without_stall default
        check "$shape: nor at full speed" in_some_round without_stall full
    else
        for mode in idle default full workers; do
            echo "# $shape: issuance $mode p99 $(figure 1 $mode p99_ms) ms, max $(figure 1 $mode max_ms) ms"
        done
    fi
    drop_databases
    databases=()
}

# Commits wait for the disk as those of a server in use do, and purging takes one of the two cores and not both.
sql mariadb mysql <<<'SET GLOBAL innodb_flush_log_at_trx_commit = 1, innodb_purge_threads = 1'
sql postgresql postgres <<'END' >/dev/null
ALTER SYSTEM SET fsync = on;
ALTER SYSTEM SET synchronous_commit = on;
ALTER SYSTEM SET full_page_writes = on;
SELECT pg_reload_conf();
END

for shape in $shapes; do
    name=itgc_concurrent_${shape,,}
    test_shape
done
if [[ -n $results ]]; then
    mkdir -p "$results"
    jq --slurp . "$work/results.json" >"$results/results.json"
fi
exit $((failures > 0))
