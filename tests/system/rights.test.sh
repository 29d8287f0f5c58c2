#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The program works with the rights of sql/admin/grants.*.sql and nothing more; a missing right or a read-only server
# ends it before anything is removed.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

account=itgc_account_$$
name=itgc_system_rights_$$

drop_accounts() {
    sql mariadb mysql <<<"DROP USER IF EXISTS '$account'@'%'" || true
    sql postgresql postgres <<<"DROP ROLE IF EXISTS $account" || true
}
trap 'drop_databases; drop_accounts; rm -rf "$work"' EXIT

grants() {
    sed "s/iam_token_gc/$account/g" "$source_dir/sql/admin/grants.${1/mariadb/mysql}.sql"
}

# Tables that this schema does not have make single statements fail; that is what the file says.
grant_all() {
    if [[ $1 == mariadb ]]; then
        sql mariadb mysql <<<"CREATE USER '$account'@'%'"
        grants mariadb | mariadb --no-defaults --force --socket="$mysql_socket" --user=root "$name" 2>/dev/null || true
    else
        sql postgresql postgres <<<"CREATE ROLE $account LOGIN"
        grants postgresql | psql --no-psqlrc --quiet --host="$pg_host" --username="$pg_user" "$name" 2>/dev/null
    fi
}

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
    grant_all "$backend"
    before=$(count "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name" "$account")
    export IAM_TOKEN_GC_DATABASE_URL
    check "$backend: the account of the grants file can read ids but no value, code or secret" cannot_read_values
    run check
    check "$backend: check is content with that account" [ "$code" = 0 ]
    run why 1
    check "$backend: why works with that account" [ "$code" = 0 ]
    run report
    check "$backend: report works with that account" [ "$code" = 0 ]

    sql "$backend" "$name" <<<"CREATE TABLE plugin (id BIGINT PRIMARY KEY, token BIGINT,
        CONSTRAINT fk_plugin FOREIGN KEY (token) REFERENCES access_token (id) ON DELETE CASCADE)"
    run check
    sql "$backend" "$name" <<<"DROP TABLE plugin"
    check "$backend: that account sees a foreign key from a table that it has no right on" grep -q fk_plugin "$work/out"

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
