#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What others do to a run while it works: its session is ended in the middle of batches, the server crashes, a row is
# locked all the time, the server becomes read-only.
# alone: what is to happen within seconds must not wait for others
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# A session that keeps the newest token, which is garbage, locked until its input ends.
lock_a_token() {
    locked=$(sql "$backend" "$name" <<<'SELECT MAX(id) FROM access_token;')
    mkfifo "$work/in" "$work/held"
    local begin="BEGIN; SELECT id FROM access_token WHERE id = $locked FOR UPDATE;"
    if [[ $backend == mariadb ]]; then
        mariadb --no-defaults --unbuffered --batch --skip-column-names --socket="$mysql_socket" --user=root "$name" \
            <"$work/in" >"$work/held" &
    else
        psql --no-psqlrc --quiet --tuples-only --no-align --host="$pg_host" --username="$pg_user" "$name" \
            <"$work/in" >"$work/held" &
    fi
    holder=$!
    exec 8>"$work/in" 9<"$work/held"
    echo "$begin" >&8
    read -r -t 20 _ <&9
}

let_go() {
    exec 8>&- 9<&-
    wait "$holder" || true
    rm "$work/in" "$work/held"
}

only_the_locked_one_stays() {
    [[ $code == 0 && $(expired "$backend" "$name") == 1 ]] && grep -q "access_token $locked stays" "$work/err"
}

# end_often COMMAND: ends sessions of the run up to five times, whatever they do at that moment.
end_often() {
    local ends=0 deadline=$((SECONDS + 30))
    while ((ends < 5 && SECONDS < deadline)) && kill -0 "$started" 2>/dev/null; do
        if "$1" "$name"; then
            ends=$((ends + 1))
            sleep "$(printf '0.%03d' $((RANDOM % 200)))"
        fi
    done
}

ends_with_a_report() {
    ends_on_sigterm && reported '"stop_reason": "signal"'
}

none_fails_but_for_the_lock() {
    [[ $code/$second == 0/75 || $code/$second == 75/0 || $code/$second == 0/0 ]]
}

# start_working OPTION...: a run in small batches, until it has removed something.
start_working() {
    all=$(tokens_left "$name")
    start --busy-share 0.3 --batch-size 20 "$@"
    eventually working "$name" "$all" || true
}

# outlives SENTENCE END OPTION...: a run of which END ends sessions again and again.
outlives() {
    local sentence=$1 end=$2
    shift 2
    start_working "$@"
    end_often "$end"
    finish
    check "$shape: $sentence" reconnected
    check "$shape: without harm" unharmed "$name"
    check "$shape: and a rerun finishes the work" finished "$name"
}

for shape in ${ITGC_FAULT_SHAPES:-V121 iam}; do
    name=itgc_session_${shape,,}
    fill "$shape" "$name" 4000

    outlives "a run whose session is ended again and again connects again and ends well" end_session

    more_garbage
    outlives "so does a run with workers whose other sessions are ended" end_other_sessions --workers 3

    more_garbage
    start_working --workers 3
    check "$shape: a run with workers ends within two seconds when it is told to" ends_with_a_report
    check "$shape: without harm" unharmed "$name"

    more_garbage
    lock_a_token
    run run --grace 0s --full-speed --format json
    check "$shape: a row that is locked all the time is named and left, the run goes on" only_the_locked_one_stays
    check "$shape: without harm" unharmed "$name"
    run run --grace 0s --full-speed --lock-wait 200ms --format json
    check "$shape: also when it waits for locks" only_the_locked_one_stays
    more_garbage
    run run --grace 0s --full-speed --workers 3 --format json
    check "$shape: and with workers" only_the_locked_one_stays
    let_go
    check "$shape: and when the lock is gone, a rerun removes it" finished "$name"

    more_garbage
    start --full-speed
    "$program" run --grace 0s --full-speed >"$work/second.out" 2>"$work/second.err" && second=0 || second=$?
    finish
    check "$shape: of two runs at once, none fails but for the lock" none_fails_but_for_the_lock
    check "$shape: and the work is done" finished "$name"
done

# The postmaster ends every session and recovers when one backend crashes.
crash_postgresql() {
    local victim
    victim=$(sql postgresql "$name" <<<"SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    kill -KILL "$victim"
}

more_garbage
all=$(tokens_left "$name")
start --busy-share 0.3 --batch-size 20
eventually working "$name" "$all" || true
crash_postgresql
finish
eventually sql postgresql postgres <<<'SELECT 1' >/dev/null 2>&1
check "iam: a run outlives a crash of the server" reconnected
check "iam: without harm" unharmed "$name"
check "iam: and a rerun finishes the work" finished "$name"
exit $((failures > 0))
