# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For scripts in which iam-sim plays the server while the program works. Comes after ../system/lib.sh.
# A shape is a word: the MariaDB schema levels V062, V096, V108, V121 the two PostgreSQL schemas iam and mitreid, and sqlite.

sim=${ITGC_TEST_SIM:?run these tests with make test}
seed=${ITGC_TEST_SEED:-1}

backend_of() {
    case $1 in
    V*) echo mariadb ;;
    sqlite) echo sqlite ;;
    *) echo postgresql ;;
    esac
}

# make_shape SHAPE NAME: an empty database of that shape.
make_shape() {
    make_schema "$(backend_of "$1")" "$2" "${1/sqlite/iam}"
}

# collect_in_loop OPTION...: one run of the program after the other, until this function's process gets SIGTERM. Reports
# go to $work/loop.json, the log to $work/loop.err; ends with 0 unless a run failed.
collect_in_loop() {
    child=
    stopping=0
    trap 'stopping=1; [[ -z $child ]] || kill -TERM "$child" 2>/dev/null || true' TERM
    while ((stopping == 0)); do
        "$program" run --format json "$@" >>"$work/loop.json" 2>>"$work/loop.err" </dev/null &
        child=$!
        ended=0
        wait "$child" || ended=$?
        # The first wait ends with the signal, the second with the program.
        while kill -0 "$child" 2>/dev/null; do
            wait "$child" && ended=0 || ended=$?
        done
        if ((ended != 0 && ended != 143)); then
            echo "a run ended with $ended" >>"$work/loop.err"
            exit 1
        fi
    done
    exit 0
}

# start_loop OPTION... and stop_loop; the latter sets $loop_code.
start_loop() {
    : >"$work/loop.json"
    : >"$work/loop.err"
    collect_in_loop "$@" &
    loop=$!
}

stop_loop() {
    loop_code=0
    kill -TERM "$loop" 2>/dev/null || true
    wait "$loop" || loop_code=$?
}

# How many rows the runs of the last loop removed, satellites not counted.
removed_by_loop() {
    jq --slurp '[.[].targets[].removed] | add // 0' "$work/loop.json"
}

# expired BACKEND NAME: how many rows expired ten seconds ago or longer.
expired() {
    local counts
    local now="UTC_TIMESTAMP() - INTERVAL '10' SECOND"
    if [[ $1 == sqlite ]]; then
        now="datetime('now', '-10 seconds')"
    elif [[ $1 == postgresql ]]; then
        now="(now() AT TIME ZONE 'UTC') - INTERVAL '10' SECOND"
    fi
    counts=$(
        sql "$1" "$2" <<END
SELECT COUNT(*) FROM access_token WHERE expiration < $now;
SELECT COUNT(*) FROM authorization_code WHERE expiration < $now;
SELECT COUNT(*) FROM device_code WHERE expiration < $now;
SELECT COUNT(*) FROM refresh_token r WHERE r.expiration < $now
   AND NOT EXISTS (SELECT 1 FROM access_token a WHERE a.refresh_token_id = r.id);
END
    )
    echo $((${counts//$'\n'/+}))
}
