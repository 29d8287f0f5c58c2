# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# One contender on the seeded data, while iam-sim issues tokens: one line of JSON. Comes after the other files here.

rate=100
warmup=2

# contender_command NAME: the words that start it.
contender_command() {
    local workers=
    if "$ITGC_TEST_PROGRAM" run --help | grep -q -- '--workers'; then
        workers=1
    fi
    case $1 in
    idle) echo "sleep $idle_seconds" ;;
    gc-default) echo "$bench_dir/contenders/iam-token-gc run" ;;
    gc-plan) echo "$bench_dir/contenders/iam-token-gc plan" ;;
    gc-[0-9]) echo "$bench_dir/contenders/iam-token-gc run --full-speed ${workers:+--workers ${1#gc-}}" ;;
    *) echo "$bench_dir/contenders/$1" ;;
    esac
}

start_simulator() {
    "$ITGC_TEST_SIM" run --database-url "$(url sim)" --rate $rate --seconds 100000 --warmup $warmup --drain \
        --mix client_credentials=1 --seed "$1" --json "$run_folder/sim.json" >"$run_folder/sim.out" 2>&1 &
    simulator=$!
    sleep $warmup
}

# Requests that are due are answered; an exit code of 1 is an error of some request, which the report has.
stop_simulator() {
    local code=0
    kill -TERM "$simulator"
    wait "$simulator" || code=$?
    ((code <= 2)) || { cat "$run_folder/sim.out" >&2; return 1; }
}

# run_contender NAME: in $run_folder/time its seconds, processor time and peak memory.
run_contender() {
    local command code=0
    read -ra command < <(contender_command "$1")
    BENCH_DATABASE=iam BENCH_OUTPUT=$run_folder/report.json ITGC_BENCH_SAMPLE=$run_folder/sample \
        /usr/bin/time --quiet --format='{"seconds": %e, "user": %U, "system": %S, "peak_kib": %M}' \
        --output="$run_folder/time" timeout --foreground "$contender_limit" "${command[@]}" \
        >"$run_folder/out" 2>"$run_folder/err" || code=$?
    if ((code != 0)); then
        echo "$1 ended with $code:" >&2
        tail -5 "$run_folder/err" >&2
    fi
    echo "$code" >"$run_folder/code"
}

# A run that finds nothing.
run_again() {
    BENCH_OUTPUT=/dev/null /usr/bin/time --quiet --format='{"seconds": %e}' --output="$run_folder/nothing" \
        "$bench_dir/contenders/iam-token-gc" run 2>>"$run_folder/err"
}

# counters FILE: what is read before and after.
counters() {
    echo "{\"cpu\": $(server_cpu), \"log\": $(log_bytes), \"at\": $EPOCHREALTIME}" >"$1"
}

# measure SHAPE CONTENDER ROUND SEED-FOLDER
measure() {
    restore_data "$4"
    open_server
    start_simulator "$3"
    counters "$run_folder/before"
    run_contender "$2"
    counters "$run_folder/after"
    lock_times | sort -n >"$run_folder/locks"
    stop_simulator
    await_purge
    counters "$run_folder/purged"
    end_state >"$run_folder/state"
    if [[ $2 == gc-1 ]]; then
        run_again
    fi
    server_version >"$run_folder/version"
    close_server
    record "$2" "$3"
}

# The nearest-rank percentile, as in iam-sim.
record() {
    jq --null-input --compact-output \
        --arg case "$case" --arg contender "$1" --argjson round "$2" --argjson tokens "$BENCH_TOKENS" \
        --argjson flood "$tokens" --arg server_version "$(cat "$run_folder/version")" \
        --slurpfile nothing <(cat "$run_folder/nothing" 2>/dev/null) --argjson code "$(cat "$run_folder/code")" --arg state "$(sha256sum <"$run_folder/state" | cut -c 1-16)" \
        --rawfile left "$run_folder/state" --slurpfile seed "$seed_folder/seed.json" \
        --slurpfile locks "$run_folder/locks" --slurpfile time "$run_folder/time" --slurpfile sim "$run_folder/sim.json" \
        --slurpfile before "$run_folder/before" --slurpfile after "$run_folder/after" \
        --slurpfile purged "$run_folder/purged" --slurpfile sample <(cat "$run_folder/sample" 2>/dev/null) \
        -f "$bench_dir/record.jq"
    rm -f "$run_folder/sample" "$run_folder/nothing"
}
