# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What the with-* scripts share: one private server in a temporary folder, for the time of one command.
# To be sourced by a script that calls, in this order:
#   new_server NAME            makes $server_folder and sees to it that folder and server go in any case
#   start_server SIGNAL CMD... starts the server; SIGNAL is what stops it
#   await_server CMD...        waits until CMD succeeds
#   run_with_server CMD...     runs CMD and ends with its exit code

# Seconds after which a server stops, whatever happened to the script that started it.
server_lifetime=${ITGC_TEST_SERVER_LIFETIME:-5400}
server_start_limit=${ITGC_TEST_SERVER_START_LIMIT:-60}
server_process=
command_process=

new_server() {
    server_name=$1
    server_folder=$(mktemp -d "${TMPDIR:-/tmp}/itgc-$server_name.XXXXXX")
    server_log=$server_folder/server.log
    trap remove_server EXIT
    trap 'interrupt INT 130' INT
    trap 'interrupt TERM 143' TERM
    trap 'interrupt HUP 129' HUP
}

# timeout gives the server its own process group, so Ctrl-C reaches the command and not the server;
# it bounds the lifetime, and a stop that does not happen becomes a kill. The parent-death signal
# covers a script that was killed itself.
start_server() {
    server_stop_signal=$1
    shift
    setpriv --pdeathsig "$server_stop_signal" \
        timeout --signal="$server_stop_signal" --kill-after=20 "$server_lifetime" "$@" \
        >"$server_log" 2>&1 </dev/null &
    server_process=$!
}

await_server() {
    local deadline=$((SECONDS + server_start_limit))
    until "$@" >/dev/null 2>&1; do
        if ! kill -0 "$server_process" 2>/dev/null; then
            server_failed "it ended by itself"
        fi
        if ((SECONDS >= deadline)); then
            server_failed "it does not answer after $server_start_limit s"
        fi
        sleep 0.05
    done
}

server_failed() {
    {
        echo "The private $server_name server could not be started: $1. Errors in its log, and its end:"
        grep -i error "$server_log" | head -n 10 || true
        tail -n 20 "$server_log" 2>/dev/null || true
    } >&2
    exit 1
}

# In the background, because a shell handles signals only between foreground commands; a background
# command ignores INT and QUIT unless told otherwise.
run_with_server() {
    local code=0
    env --default-signal=INT,QUIT "$@" <&0 &
    command_process=$!
    wait "$command_process" || code=$?
    command_process=
    exit "$code"
}

interrupt() {
    trap '' INT TERM HUP
    if [[ -n $command_process ]]; then
        kill -"$1" "$command_process" 2>/dev/null || true
        wait "$command_process" 2>/dev/null || true
    fi
    exit "$2"
}

remove_server() {
    trap '' INT TERM HUP
    if [[ -n $server_process ]]; then
        kill -"$server_stop_signal" "$server_process" 2>/dev/null || true
        wait "$server_process" 2>/dev/null || true
    fi
    rm -rf "$server_folder"
}
