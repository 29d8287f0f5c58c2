#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# refresh_unused from night to night, with the account of the grants: the first run only remembers, later ones take what
# none of them saw in use. The nights are made by setting back the dates in the file.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

file=$work/idle.json
export IAM_TOKEN_GC_THROTTLE_WATCH_BLOCKING=false IAM_TOKEN_GC_SAFETY_MAX_UNEXPIRED_ROWS=10
export IAM_TOKEN_GC_REFRESH_UNUSED_FILE=$file

# Refresh tokens of one client that never expire: 1 and 2 bare, 3 with an access token that is garbage, 4 with one
# that expired within the grace, 5 with a live one.
tokens() {
    local id
    echo "INSERT INTO client_details (id, client_id, client_name, access_token_validity_seconds) VALUES (1, 'portal', 'Portal', 3600);"
    for id in 1 2 3 4 5; do
        echo "INSERT INTO authentication_holder (id, client_id) VALUES ($id, 'portal');"
        echo "INSERT INTO refresh_token (id, token_value, client_id, auth_holder_id) VALUES ($id, 'refresh-$id', 1, $id);"
    done
    access_token 3 "$(moment '-3 hours')"
    access_token 4 "$(moment '-10 minutes')"
    access_token 5 "$(moment '+1 hour')"
}

moment() {
    date --utc --date="$1" '+%F %T'
}

# access_token REFRESH_TOKEN EXPIRATION: with the id of its refresh token.
access_token() {
    echo "INSERT INTO access_token (id, token_value, token_value_hash, expiration, client_id, auth_holder_id, refresh_token_id)
        VALUES ($1, 'access-$1', 'hash-$1', '$2', 1, $1, $1);"
}

left() {
    sql "$backend" "$name" <<<'SELECT id FROM refresh_token ORDER BY id' | paste -sd ' '
}

says() {
    grep -q -- "$1" "$work/out" "$work/err"
}

ended_well() {
    [[ $code == 0 ]]
}

# nights NUMBER: as if what the file says had been seen so many days earlier.
nights() {
    jq --arg days "$1" 'def back: strptime("%Y-%m-%d %H:%M:%S") | mktime - ($days | tonumber) * 86400 | strftime("%Y-%m-%d %H:%M:%S");
        (.tokens[].since, .witnesses[].expiration) |= back | if .proved then .proved |= back else . end' "$file" >"$file.new"
    mv "$file.new" "$file"
}

# Whether the file says that these refresh tokens are idle.
remembers() {
    [[ $(jq -r '[.tokens[].ids] | join(" ")' "$file") == "$1" ]]
}

test_nights() {
    run run --refresh-unused-age 30d
    check "$backend: the first run takes no refresh token" ended_well
    check "$backend: all are there" [ "$(left)" = '1 2 3 4 5' ]
    check "$backend: it remembers those without an access token, before it removed any" remembers 1-2
    nights 20
    run run --refresh-unused-age 30d
    check "$backend: after twenty nights there is none to take" [ "$(left)" = '1 2 3 4 5' ]
    check "$backend: the access token that was live then proves that a use is seen" \
        [ "$(jq -r .proved "$file" | cut -c 1-10)" = "$(date --utc +%F)" ]
    check "$backend: one that lost its access token since is remembered from now on" remembers '1-2 3'
    sql "$backend" "$name" <<<"$(access_token 2 "$(moment '+1 hour')")"
    nights 15
    run why 1 --target refresh_token --refresh-unused-age 30d --format json
    check "$backend: why tells since when, and the age" says 'without an access token since .* and refresh_unused.age 30d is over'
    run plan --refresh-unused-age 30d --format json
    check "$backend: plan says that one would go" \
        jq -e '.early.policies.refresh_unused.refresh_token.removed == 1' "$work/out"
    check "$backend: and the file is as it was" remembers '1-2 3'
    IAM_TOKEN_GC_SAFETY_MAX_UNEXPIRED_ROWS=0 run run --refresh-unused-age 30d
    check "$backend: a run refuses without the limit for live tokens" [ "$code" = 65 ]
    run run --refresh-unused-age 30d
    check "$backend: a run takes it and not the one that was used" [ "$(left)" = '2 3 4 5' ]
}

test_errors() {
    run run --refresh-unused-age 30d --refresh-unused-file "$work/nowhere/idle.json"
    check "$backend: a run that cannot remember fails" [ "$code" = 74 ]
    check "$backend: and says that nothing was removed" says 'so nothing was removed'
    run run --refresh-unused-age 30d --refresh-unused-file ''
    check "$backend: without a file there is no such policy" refused 78 'refresh_unused.file'
    nights 40
    jq '.witnesses = [{"access_token": 98, "refresh_token": 3, "expiration": "2026-01-01 00:00:00"}]' "$file" >"$file.new"
    mv "$file.new" "$file"
    run run --refresh-unused-age 30d
    check "$backend: where somebody else cleans up, everything is forgotten" says 'refresh_unused forgets'
    check "$backend: and nothing goes" [ "$(left)" = '2 3 4 5' ]
    echo '{' >"$file"
    run run --refresh-unused-age 30d
    check "$backend: a broken file is said, and the next begins" says 'is broken'
    check "$backend: the run goes on" ended_well
}

for backend in sqlite mariadb postgresql; do
    name=itgc_unused_$$
    rm -f "$file"
    make_schema "$backend" "$name"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    tokens | sql "$backend" "$name"
    if [[ $backend == postgresql ]]; then
        run plan --refresh-unused-age 30d
        check "$backend: without an index on access_token.refresh_token_id it says that it does nothing" says 'refresh_unused does nothing here: no index'
        sql "$backend" "$name" <<<"CREATE INDEX access_token_by_refresh_token ON access_token (refresh_token_id)"
    fi
    test_nights
    test_errors
done
exit $((failures > 0))
