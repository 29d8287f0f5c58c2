#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The program works with the rights of sql/admin/grants.*.sql and nothing more; a missing right or a read-only server
# ends it before anything is removed.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_rights_$$

cannot_read_values() {
    ! sql_as "SELECT token_value FROM access_token" && ! sql_as "SELECT code FROM authorization_code" &&
        ! sql_as "SELECT client_secret FROM client_details" && sql_as "SELECT id FROM access_token"
}

sql_as() {
    if [[ $backend == mariadb ]]; then
        mariadb --no-defaults --socket="$mysql_socket" --user="$account" "$name" -e "$1" &>/dev/null
    else
        psql --no-psqlrc --host="$pg_host" --username="$account" -c "$1" "$name" &>/dev/null
    fi
}

removed_nothing() {
    [[ $code == 0 ]] && grep -q '"stop_reason": "done"' "$work/out" && ! grep -E '"removed": [1-9]' "$work/out"
}

same_but_words() {
    diff <(grep -E '^ {6}"(scanned|removed)"' "$1") <(grep -E '^ {6}"(scanned|removed)"' "$2") >/dev/null
}

on_backend() {
    backend=$1
    make_database "$backend" "$name"
    before=$(count "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    check "$backend: the account of the grants file can read ids but no value, code or secret" cannot_read_values
    run check
    check "$backend: check is content with that account" [ "$code" = 0 ]
    run why 1
    check "$backend: why works with that account" [ "$code" = 0 ]
    run report
    check "$backend: report works with that account" [ "$code" = 0 ]
    reads_only

    sql "$backend" "$name" <<<"CREATE TABLE plugin (id BIGINT PRIMARY KEY, token BIGINT,
        CONSTRAINT fk_plugin FOREIGN KEY (token) REFERENCES access_token (id) ON DELETE CASCADE)"
    run check
    sql "$backend" "$name" <<<"DROP TABLE plugin"
    check "$backend: that account sees a foreign key from a table that it has no right on" grep -q fk_plugin "$work/out"

    sql "$backend" "$name" <<<"REVOKE DELETE, SELECT (scope) ON token_scope FROM $(quoted)"
    run check
    check "$backend: check ends with 77 where a right is missing" [ "$code" = 77 ]
    check "$backend: and names exactly that" [ "$(grep '^failure' "$work/out")" = \
        'failure  rights: the account lacks SELECT (scope), DELETE on token_scope, which a run needs' ]
    sed -n 's/^ *\(GRANT .*;\)$/\1/p' "$work/out" >"$work/grant.sql"
    check "$backend: with the GRANT that gives it" \
        [ "$(<"$work/grant.sql")" = "GRANT SELECT (scope), DELETE ON token_scope TO $(quoted);" ]
    sql "$backend" "$name" <"$work/grant.sql"
    run check
    check "$backend: after which check is content" [ "$code" = 0 ]

    sql "$backend" "$name" <<<"REVOKE DELETE ON token_scope FROM $(quoted)"
    run run
    check "$backend: a missing right is named before anything is removed (77)" refused 77 token_scope
    check "$backend: and nothing was removed" [ "$(count "$backend" "$name")" = "$before" ]
    sql "$backend" "$name" <<<"GRANT DELETE ON token_scope TO $(quoted)"

    read_only_server on
    run check
    cp "$work/out" "$work/checked"
    run run
    read_only_server off
    check "$backend: check says once that a server is read-only" [ "$(grep -c '^failure' "$work/checked")" = 1 ]
    check "$backend: a read-only server is named before anything is removed (77)" refused 77 read
    check "$backend: and nothing was removed there" [ "$(count "$backend" "$name")" = "$before" ]

    run run --dry-run --format json
    cp "$work/out" "$work/dry"
    run run --format json
    check "$backend: a run works with that account" [ "$code" = 0 ]
    check "$backend: and removes what the dry run before it said" same_but_words "$work/dry" "$work/out"
    run run --format json
    check "$backend: a second run removes nothing" removed_nothing
}

# The second account of the file.
reads_only() {
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name" "$reader")
    run plan
    check "$backend: plan works with the account that may only read" [ "$code" = 0 ]
    check "$backend: and finds garbage" grep -q 'access_token .* 3 ' "$work/out"
    run report
    check "$backend: so does report" [ "$code" = 0 ]
    check "$backend: without a warning" [ ! -s "$work/err" ]
    run run
    check "$backend: a run with that account is refused (77)" refused 77 'check'
    check "$backend: and nothing was removed" [ "$(count "$backend" "$name")" = "$before" ]
    run check
    check "$backend: check knows such an account" grep -q 'may read what .plan. and .report. need' "$work/out"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
}

quoted() {
    if [[ $backend == mariadb ]]; then
        echo "'$account'@'%'"
    else
        echo "$account"
    fi
}

read_only_server() {
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"SET GLOBAL read_only = $1"
    else
        sql postgresql postgres <<<"ALTER DATABASE $name SET default_transaction_read_only = $1"
    fi
}

# The account of on_backend, without the right that shows it tables it has no right on.
hidden_tables() {
    sql mariadb mysql <<<"REVOKE REFERENCES ON $name.* FROM $(quoted)"
    run check
    check "mariadb: check warns of an account that does not see every table" grep -q '^warning  schema: ' "$work/out"
    run run --dry-run --format json
    check "mariadb: and so does the report of a run" grep -q '"the account sees no table that it has no right on' "$work/out"
}

on_backend mariadb
hidden_tables
on_backend postgresql
exit $((failures > 0))
