#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Each policy for tokens that have not expired at work in a loop while iam-sim plays the server. A policy is aimed at
# one client, or at some users; the simulator is told what it may take of those (--may-go), goes on issuing to them, and
# vouches for every other row. It meets no error, and in the end nothing is left of what the policy takes.
#   ITGC_POLICIES_SECONDS   how long the simulator works for each policy (2); until it took something where that needs
#                           several runs
# alone: it counts latencies and errors of a server under load
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

seconds=${ITGC_POLICIES_SECONDS:-2}
clients=8 # few, so that each gets requests
turns=0

client_name() {
    sql "$backend" "$name" <<<"SELECT client_id FROM client_details WHERE client_name LIKE '% client $1'"
}

# answer SQL: one number.
answer() {
    sql "$backend" "$name" <<<"$1"
}

# moment WORDS: as date understands them, as SQL.
moment() {
    date --utc --date="$1" "+'%F %T'"
}

ordinary="t.id NOT IN (SELECT owner_id FROM token_scope WHERE scope IN ('registration-token', 'resource-token'))"

# of_client NUMBER [CONDITION]: its live access tokens, registrations not counted.
of_client() {
    answer "SELECT COUNT(*) FROM access_token t JOIN client_details c ON c.id = t.client_id
        WHERE c.client_name LIKE '% client $1' AND (t.expiration IS NULL OR t.expiration > $(moment '+1 minute')) AND $ordinary AND ${2:-1 = 1}"
}

# codes_of NAME: authorization codes and device codes of the client with that client_id.
codes_of() {
    answer "SELECT (SELECT COUNT(*) FROM device_code d WHERE d.client_id = '$1') + (SELECT COUNT(*)
        FROM authorization_code a JOIN authentication_holder h ON h.id = a.auth_holder_id WHERE h.client_id = '$1')"
}

# start_server MAY_GO...: the simulator, which works on the rows of the turn before as well.
start_server() {
    local options=() one
    for one in "$@"; do
        options+=(--may-go "$one")
    done
    : >"$work/started"
    "$sim" run --database-url "$url" --rate 100 --seconds "$seconds" --seed "$((++turns + seed))" --clients $clients \
        --clear-on-refresh=rows --lifetime 3600:8,2:2 --adopt "$work/ledger" --ledger "$work/ledger.new" \
        --json "$work/sim.json" ${options[@]+"${options[@]}"} >"$work/sim.out" 2>"$work/sim.err" &
    server=$!
}

stop_server() {
    server_code=0
    wait "$server" || server_code=$?
    mv "$work/ledger.new" "$work/ledger"
    stop_loop
}

served() {
    ((server_code == 0)) || { cat "$work/sim.out" "$work/sim.err"; return 1; }
}

# took_already POLICY: it removed something in a run of the loop.
took_already() {
    jq --slurp --exit-status "[.[].early.policies.$1[].removed] | add > 0" "$work/loop.json" >/dev/null
}

# took POLICY: the loop ended well, and the policy removed something in it.
took() {
    ((loop_code == 0)) || { tail -3 "$work/loop.err"; return 1; }
    took_already "$1" || { tail -5 "$work/loop.err"; return 1; }
}

# turn POLICY MAY_GO OPTION...: simulator and loop, with the hook of the policy, if there is one, while both work.
turn() {
    local policy=$1 may_go=$2
    shift 2
    local options=(--max-unexpired-rows 1000000 --yes-really "$@")
    # shellcheck disable=SC2086  # a list of words
    start_server $may_go
    start_loop "${options[@]}"
    if declare -F "while_$policy" >/dev/null; then
        "while_$policy"
    fi
    stop_server
    check "$shape: $policy: the server meets no error, and every row that the policy must not take is there and whole" served
    check "$shape: $policy: no run fails, and the policy takes something" took "$policy"
    run run --full-speed "${options[@]}"
    check "$shape: $policy: the last run succeeds" [ "$code" = 0 ]
}

# others NUMBER: the client ids of all clients but that.
others() {
    answer "SELECT client_id FROM client_details WHERE client_name NOT LIKE '% client $1'" | paste -sd ' '
}

# Its tokens are put into the list of revoked ones again and again.
while_revoked() {
    local hashes="SELECT t.token_value_hash, '2037-01-01 00:00:00', '2026-01-01 00:00:00' FROM access_token t
        JOIN client_details c ON c.id = t.client_id WHERE c.client_name LIKE '% client 3'
          AND t.token_value_hash NOT IN (SELECT hash_value FROM iam_revoked_at)"
    while kill -0 "$server" 2>/dev/null; do
        # Without locks on what it reads, as PostgreSQL does it anyway.
        if [[ $backend == mariadb ]]; then
            echo "SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
        fi | cat - <(echo "INSERT INTO iam_revoked_at (hash_value, expiration, revoked_at) $hashes") |
            sql "$backend" "$name"
    done
}

# The server has its clients at hand when it issues its first tokens.
while_deleted_client() {
    local before
    before=$(answer "SELECT MAX(id) FROM access_token")
    while kill -0 "$server" 2>/dev/null && (($(answer "SELECT MAX(id) FROM access_token") == before)); do
        :
    done
    gone=$(answer "SELECT id FROM client_details WHERE client_name LIKE '% client 4'")
    answer "DELETE FROM client_details WHERE id = $gone"
}

took_unused_or_ended() {
    took_already refresh_unused 2>/dev/null || ! kill -0 "$server" 2>/dev/null
}

# What the first run remembered, a second proves and a third may take; then the simulator is told to end.
while_refresh_unused() {
    patience=$seconds eventually took_unused_or_ended || true
    kill -TERM "$server" 2>/dev/null || true
}

start_database() {
    shape=$1
    name=itgc_policies_${shape,,}
    backend=$(backend_of "$shape")
    url=$(admin_url "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$url
    export IAM_TOKEN_GC_DATABASE_URL
    make_shape "$shape" "$name"
    "$sim" seed --database-url "$url" --shape normal --tokens 3000 --garbage-share 0.3 --clients $clients --seed "$seed" \
        --ledger "$work/ledger" >"$work/out"
}

# The newest levels, which know accounts and revocations.
test_new() {
    start_database "$1"
    turn unneeded plain:0 --unneeded-clients "$(client_name 0)" --unneeded-age 1h
    check "$shape: unneeded: no such token of that age is left" [ "$(of_client 0 "t.expiration < $(moment '+94 hours')
        AND t.refresh_token_id IS NULL AND NOT EXISTS
        (SELECT 1 FROM authentication_holder h WHERE h.id = t.auth_holder_id AND h.user_auth_id IS NOT NULL)")" = 0 ]
    turn quota tokens:1 --quota 5 --quota-clients "$(client_name 1)"
    check "$shape: quota: the client keeps no more than it may" [ "$(of_client 1)" -le 5 ]
    turn purge_client client:2 --purge-client "$(client_name 2)"
    check "$shape: purge_client: no token and no code of it is left" [ "$(of_client 2) $(codes_of "$(client_name 2)")" = '0 0' ]
    turn revoked tokens:3 --revoked remove
    check "$shape: revoked: no token in the list is left" [ "$(answer "SELECT COUNT(*) FROM access_token t
        JOIN iam_revoked_at r ON r.hash_value = t.token_value_hash WHERE $ordinary")" = 0 ]
    answer "DELETE FROM iam_account WHERE username IN ('user0', 'user1', 'user2', 'user3', 'user4', 'user5', 'user6',
        'user7', 'user8', 'user9')"
    turn deleted_user user:0-9 --deleted-user remove
    check "$shape: deleted_user: no token of such a user is left" [ "$(answer "SELECT COUNT(*) FROM access_token t
        JOIN authentication_holder h ON h.id = t.auth_holder_id JOIN saved_user_auth u ON u.id = h.user_auth_id
        WHERE u.name NOT IN (SELECT username FROM iam_account) AND $ordinary")" = 0 ]
    if [[ $backend == postgresql ]]; then
        answer "CREATE INDEX ON access_token (refresh_token_id)" # without it refresh tokens are refused there
    fi
    seconds=120 turn refresh_unused client:5 --refresh-unused-age 1s --refresh-unused-file "$work/$shape.idle" --spare-clients "$(others 5)"
    check "$shape: refresh_unused: what runs remember is of this database, and proved" jq --exit-status .proved "$work/$shape.idle"
    turn drain '' --drain remove
    check "$shape: drain: no expired token is left" \
        [ "$(answer "SELECT COUNT(*) FROM access_token t WHERE t.expiration < $(moment '-10 seconds') AND $ordinary")" = 0 ]
    drop_databases
    databases=()
}

# Levels without foreign keys, where tokens outlive their client.
test_old() {
    start_database "$1"
    turn purge_client client:2 --purge-client "$(client_name 2)"
    check "$shape: purge_client: no token and no code of it is left" [ "$(of_client 2) $(codes_of "$(client_name 2)")" = '0 0' ]
    turn deleted_client client:4 --deleted-client remove
    check "$shape: deleted_client: no token of it is left" \
        [ "$(answer "SELECT COUNT(*) FROM access_token t WHERE t.client_id = $gone AND $ordinary")" = 0 ]
    drop_databases
    databases=()
}

test_new V121
test_old V062
test_new iam
test_old mitreid
exit $((failures > 0))
