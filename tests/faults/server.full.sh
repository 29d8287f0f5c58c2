#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What happens to a server while a run works on it: it becomes read-only, as at a fail-over, or it crashes and starts
# again. And a SIGTERM in every state in which a run may wait.
# alone: what is to happen within seconds must not wait for others
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

shared_socket=$mysql_socket
folder=$(mktemp -d "${TMPDIR:-/tmp}/itgc-server.XXXXXX")
own_server=

clean_up() {
    stop_own_server
    mysql_socket=$shared_socket
    make_writable
    drop_databases
    rm -rf "$work" "$folder"
}
trap clean_up EXIT

# PostgreSQL's sessions end at a fail-over, and the new ones are on a server that is a standby still.
make_read_only() {
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<'SET GLOBAL read_only = 1'
    else
        sql postgresql postgres <<<'ALTER SYSTEM SET default_transaction_read_only = on' >/dev/null
        sql postgresql postgres <<<'SELECT pg_reload_conf()' >/dev/null
        eventually read_only_for_new_sessions
        end_session "$name"
    fi
}

read_only_for_new_sessions() {
    [[ $(sql postgresql postgres <<<'SHOW default_transaction_read_only') == on ]]
}

make_writable() {
    sql mariadb mysql <<<'SET GLOBAL read_only = 0'
    sql postgresql postgres <<<'ALTER SYSTEM RESET default_transaction_read_only' >/dev/null
    sql postgresql postgres <<<'SELECT pg_reload_conf()' >/dev/null
}

# work_slowly SHARE: a run in the background that has begun to remove and works for that share of its time.
work_slowly() {
    local all
    all=$(tokens_left "$name")
    start --busy-share "$1" --batch-size 20 --log-level debug
    eventually working "$name" "$all" || true
}

start_own_server() {
    setpriv --pdeathsig TERM timeout --signal=TERM --kill-after=20 600 mariadbd --no-defaults --user="$(id -un)" \
        --datadir="$folder/data" --socket="$folder/socket" --pid-file="$folder/pid" --skip-networking \
        --innodb-buffer-pool-size=64M >"$folder/log" 2>&1 </dev/null &
    own_server=$!
    eventually answers
}

answers() {
    mariadb --no-defaults --user=root --socket="$folder/socket" --execute='SELECT 1' >/dev/null 2>&1
}

stop_own_server() {
    if [[ -n $own_server ]]; then
        kill -TERM "$own_server" 2>/dev/null || true
        wait "$own_server" 2>/dev/null || true
        own_server=
    fi
}

crash_own_server() {
    kill -KILL "$(<"$folder/pid")"
    wait "$own_server" 2>/dev/null || true
}

paused_for() {
    grep -q "reason=$1" "$work/err"
}

for shape in V121 iam; do
    name=itgc_server_${shape,,}
    fill "$shape" "$name" 4000
    work_slowly 0.2
    make_read_only
    finish
    make_writable
    check "$shape: a server that becomes read-only ends a run (77)" ended 77 read-only
    check "$shape: without harm" unharmed "$name"

    touch "$work/pause"
    start --pause-file "$work/pause" --throttle-interval 100ms --log-level debug
    check "$shape: a run waits while the pause file is there" eventually paused_for pause_file
    check "$shape: and ends within two seconds when it is told to" ends_on_sigterm
    start --rows-per-second 1 --batch-size 1 --log-level debug
    eventually grep -q 'rows_per_second' "$work/err" || true
    check "$shape: SIGTERM ends the wait for the next second" ends_on_sigterm
    work_slowly 0.01
    check "$shape: SIGTERM ends the pause after a batch" ends_on_sigterm
    check "$shape: without harm" unharmed "$name"
    check "$shape: and a rerun finishes the work" finished "$name"
done

PATH=$PATH:/usr/sbin
mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$folder/data" --skip-test-db \
    --auth-root-authentication-method=normal >"$folder/log" 2>&1
start_own_server
mysql_socket=$folder/socket
name=itgc_server_crash
fill V121 "$name" 4000
work_slowly 0.2
crash_own_server
start_own_server
finish
check "V121: a run outlives a crash of the server" reconnected
check "V121: without harm" unharmed "$name"

more_garbage
work_slowly 0.2
crash_own_server
eventually grep -q 'trying again' "$work/err" || true
check "V121: SIGTERM ends the wait for a server that is gone" ends_on_sigterm
start_own_server
check "V121: without harm" unharmed "$name"
check "V121: and a rerun finishes the work" finished "$name"
databases=("${databases[@]/mariadb $name/}")
exit $((failures > 0))
