#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A run waits for its pause file, its window and its replicas, ends in each of these waits when it is told to, and says
# in its report what it waited for.
# alone: what is to happen within seconds must not wait for others
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_throttle_$$
pause_file=$work/pause

# start ARGUMENT...: the program in the background, at a pace that does not matter.
start() {
    : >"$work/out"
    : >"$work/err"
    "$program" run --busy-share 1 --throttle-interval 100ms --format json "$@" \
        >>"$work/out" 2>>"$work/err" </dev/null &
    started=$!
}

# waits_for REASON: until the log of the program says so.
waits_for() {
    eventually grep -q "reason=$1" "$work/err"
}

ends_with_a_report() {
    ends_on_sigterm && reported '"stop_reason": "signal"'
}

reported() {
    grep -qF -- "$1" "$work/out"
}

# ended CODE WORDS: the exit code, and the words in the report.
ended() {
    [[ $code == "$1" ]] && reported "$2"
}

untouched() {
    [[ $(count "$backend" "$name") == "$before" ]]
}

# A window of an hour that opens in two.
closed_window() {
    echo "$(date -d '+2 hours' +%H:%M)-$(date -d '+3 hours' +%H:%M)"
}

for backend in sqlite mariadb postgresql; do
    make_database "$backend" "$name"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    before=$(count "$backend" "$name")

    touch "$pause_file"
    start --pause-file "$pause_file"
    check "$backend: a run waits while its pause file exists" waits_for pause_file
    check "$backend: and ends within two seconds when it is told to" ends_with_a_report
    check "$backend: and has removed nothing" untouched

    start --pause-file "$pause_file" --max-wait 300ms
    finish
    check "$backend: a wait that takes longer than max_wait ends with 75" ended 75 '"stop_reason": "throttle"'
    check "$backend: and its reason" reported "the file $pause_file exists"

    window=$(closed_window)
    start --window "$window" --max-time 500ms
    finish
    check "$backend: a run outside of its window ends at max_time" ended 0 '"stop_reason": "max_time"'
    check "$backend: and names the window with its zone" reported "\"window\": \"$window "
    check "$backend: and has removed nothing" untouched

    start --window "$(closed_window)" --max-wait 100ms
    check "$backend: a run waits for its window longer than max_wait" waits_for window
    check "$backend: and ends within two seconds when it is told to" ends_with_a_report

    start --pause-file "$pause_file"
    check "$backend: a run that waits for its pause file" waits_for pause_file
    rm "$pause_file"
    finish
    check "$backend: goes on when it is gone" ended 0 '"stop_reason": "done"'
    check "$backend: and reports the pause by its reason" reported '"pause_file": '
    check "$backend: and has done its work" [ "$(count "$backend" "$name")" != "$before" ]

    touch "$pause_file"
    run run --full-speed --pause-file "$pause_file" --window "$(closed_window)"
    rm "$pause_file"
    check "$backend: at full speed a run waits for nothing" [ "$code" = 0 ]
    check "$backend: and says so in its report" reported 'FULL SPEED, without any throttling'
    check "$backend: and in its log" grep -q ' warning FULL SPEED' "$work/err"
done

backend=mariadb
IAM_TOKEN_GC_DATABASE_URL=$(url mariadb "$name")
before=$(count mariadb "$name")
start --replicas "$(admin_url mariadb "$name")" --max-wait 300ms
finish
check "a replica that is none keeps the run waiting, and then ends it" ended 75 'could not be read (it is no replica)'
check "and nothing was removed" untouched
run check --format json --replicas "$(admin_url mariadb "$name")"
check "check tells of it before" reported 'could not be read (it is no replica), and a run would wait'

IAM_TOKEN_GC_DATABASE_URL=$(url postgresql "$name")
run run --replicas mysql://gc@replica.example.org
check "replicas of MySQL are refused for PostgreSQL" grep -q 'throttle.replicas is for MySQL' "$work/err"
check "as a bad configuration" [ "$code" = 78 ]

# The server's clock cannot be set here, but that of every session without more rights can.
sql mariadb mysql <<END
CREATE USER itgc_clock_$$;
GRANT ALL ON $name.* TO itgc_clock_$$;
SET GLOBAL init_connect = 'SET SESSION timestamp = UNIX_TIMESTAMP() + 3600';
END
IAM_TOKEN_GC_DATABASE_URL=$(url mariadb "$name" "itgc_clock_$$")
run run
check "a database clock that is an hour ahead of this machine's is refused" \
    refused 65 "the database's clock and this machine's differ by"
check "and nothing was removed" untouched
run run --dry-run
check "by a dry run, too" [ "$code" = 65 ]
run run --clock-host-tolerance 2h
check "unless that is tolerated" [ "$code" = 0 ]
sql mariadb mysql <<END
SET GLOBAL init_connect = '';
DROP USER itgc_clock_$$;
END
exit $((failures > 0))
