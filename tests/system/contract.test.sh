#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a run can be held to: plans that are carried out later, the archive of what was removed, the way back, and the
# certificate; and what they do with bad input.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

archive=$work/archive
name=itgc_system_contract_$$

unchanged() {
    [[ $(count "$backend" "$name") == "$before" ]]
}

refused_and_unchanged() {
    refused "$@" && unchanged
}

# dump BACKEND NAME: every column of the tables a run removes from, in an order of their own.
dump() {
    local table
    for table in access_token token_scope refresh_token authentication_holder authentication_holder_scope \
        saved_user_auth authorization_code; do
        sql "$1" "$2" <<<"SELECT * FROM $table;" | sort
    done
}

# altered FILE SED: a copy with that change.
altered() {
    sed "$2" "$1" >"$work/altered.json"
    ! cmp -s "$1" "$work/altered.json"
}

ends_well() {
    [[ $code == 0 ]]
}

says() {
    [[ $code == 0 ]] && grep -q -- "$1" "$work/out"
}

plans() {
    local plan=$work/plan.json
    rm -f "$plan"
    run plan --out "$plan"
    check "$backend: plan --out writes a plan and removes nothing" bash -c "[ $code = 0 ] && [ -s '$plan' ]"
    check "$backend: and it holds clients, statements and a hash" \
        bash -c "grep -q '\"one\"' '$plan' && grep -q 'DELETE FROM\|DELETE ' '$plan' && grep -q sha256 '$plan'"
    run plan --out /dev/full
    check "$backend: a plan on a full disk is refused (74)" refused_and_unchanged 74 /dev/full
    run plan --out "$work/no/such/plan"
    check "$backend: a plan in a missing folder is refused (74)" refused_and_unchanged 74 no/such/plan
    altered "$plan" 's/"removed": 3/"removed": 2/'
    run run --plan "$work/altered.json"
    check "$backend: an altered plan is refused (65)" refused_and_unchanged 65 'was altered'
    run run --plan "$work/none.json"
    check "$backend: a missing plan is refused (74)" refused_and_unchanged 74 none.json
    run run --plan "$plan" --grace 5h
    check "$backend: a plan of another configuration is refused (65)" refused_and_unchanged 65 'settings'
    run run --plan "$plan" --plan-lifetime 1s
    check "$backend: the lifetime is that of the plan, not of the run" ends_well
    run run --plan "$plan"
    check "$backend: what is gone already is no longer the plan (65)" refused 65 plan.tolerance
    run run --plan "$plan" --plan-tolerance 1
    check "$backend: unless the tolerance says so; then each difference is explained" says 'vanished: gone before'
    sql "$backend" "$name" <<<"CREATE INDEX itgc_another ON authorization_code (expiration)"
    run run --plan "$plan" --plan-tolerance 1
    check "$backend: a plan of another schema is refused (65)" refused 65 'schema'
}

bad_archives() {
    run run --archive /dev/null
    check "$backend: an archive that is no folder is refused before anything is removed (74)" refused_and_unchanged 74 /dev/null
    run run --archive "$work/no/such/archive"
    check "$backend: an archive in a missing folder is refused (74)" refused_and_unchanged 74 no/such/archive
    mkdir -m 755 "$work/open"
    run run --archive "$work/open"
    rmdir "$work/open"
    check "$backend: a folder that others may enter is refused (78)" refused_and_unchanged 78 'chmod 700'
    run archive verify --archive "$work/none"
    check "$backend: there is nothing to verify where no archive is (74)" refused 74 none
}

# As on a file system without room; the log goes through a pipe, which has no size.
full_disk() {
    code=0
    (
        ulimit -f 0
        trap '' XFSZ
        exec "$program" run --archive "$work/full" --format json 2>&1 >/dev/null </dev/null
    ) | cat >"$work/err" || code=$?
    check "$backend: an archive without room ends the run before anything is removed (74)" refused_and_unchanged 74 "$work/full"
    rm -rf "$work/full"
}

# as_archivist: from now on with an account that reads and writes every column, as sql/admin/archive.*.sql has it.
as_archivist() {
    local archivist=${account}_archive file=$source_dir/sql/admin/archive.${backend/mariadb/mysql}.sql
    case $backend in
    sqlite) return ;;
    mariadb) echo "CREATE USER '$archivist'@'%';" ;;
    postgresql) echo "CREATE ROLE $archivist LOGIN;" ;;
    esac >"$work/archivist.sql"
    sed -n "s/^--   \(GRANT .*;\)/\1/p" "$file" |
        sed "s/iam_token_gc_archive/$archivist/g; s/ON iam\./ON $name./" >>"$work/archivist.sql"
    sql "$backend" "$name" <"$work/archivist.sql"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name" "$archivist")
}

drop_archivist() {
    case $backend in
    mariadb) sql mariadb mysql <<<"DROP USER '${account}_archive'@'%'" ;;
    postgresql) sql postgresql "$name" <<<"DROP OWNED BY ${account}_archive; DROP ROLE ${account}_archive" ;;
    esac
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
}

archives() {
    local certificate=$work/certificate.json original
    original=$(dump "$backend" "$name")
    run run --archive "$archive" --archive-mode full --certificate "$certificate"
    check "$backend: a run with archive and certificate does its work" ends_well
    check "$backend: and is loud about the values it keeps" grep -q 'READS TOKEN VALUES' "$work/err"
    check "$backend: and removed something" bash -c "[[ '$(count "$backend" "$name")' != '$before' ]]"
    check "$backend: files are for their owner only" \
        bash -c "[[ \$(stat -c %a '$archive' '$archive'/* | sort -u | paste -sd ' ') == '600 700' ]]"
    check "$backend: zstdcat reads the archive" bash -c "zstdcat '$archive'/*.zst | grep -q '\"client\":\"one\"'"
    run archive verify --archive "$archive"
    check "$backend: the archive verifies" says 'intact'
    run certificate verify "$certificate"
    check "$backend: the certificate verifies" says 'intact'
    altered "$certificate" 's/"removed": 3/"removed": 4/'
    run certificate verify "$work/altered.json"
    check "$backend: an altered certificate does not (65)" refused 65 'was altered'
    run restore --archive "$archive" --dry-run
    check "$backend: a dry restore writes nothing" bash -c "[ $code = 0 ] && [[ '$(count "$backend" "$name")' != '$before' ]]"
    run restore --archive "$archive"
    check "$backend: a restore brings every row back" ends_well
    check "$backend: with every column" [ "$(dump "$backend" "$name")" = "$original" ]
    run restore --archive "$archive"
    check "$backend: a second one refuses each row (65)" bash -c "[ $code = 65 ] && [[ '$(count "$backend" "$name")' == '$before' ]]"
    printf 'x' | dd of="$(ls "$archive"/*.zst)" bs=1 seek=40 conv=notrunc status=none
    run archive verify --archive "$archive"
    check "$backend: an altered archive does not verify (65)" [ "$code" = 65 ]
    run restore --archive "$archive"
    check "$backend: and is not restored (65)" refused_and_unchanged 65 'altered'
    rm -rf "$archive"
}

# An archive without values, of a run that dies between archive and COMMIT, is another matter: see tests/contract.
without_values() {
    run run --archive "$archive"
    check "$backend: an archive without values is written" ends_well
    check "$backend: and holds none" bash -c "! zstdcat '$archive'/*.zst | grep -q 'value-\|refresh-1\|code-1'"
    run restore --archive "$archive"
    check "$backend: and cannot be restored (65)" refused 65 'without values'
    rm -rf "$archive"
}

for backend in sqlite mariadb postgresql; do
    make_database "$backend" "$name"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    before=$(count "$backend" "$name")
    [[ $backend == sqlite ]] || grant "$backend" "$name" archive
    bad_archives
    # SQLite would need room for itself.
    [[ $backend == sqlite ]] || full_disk
    as_archivist
    archives
    drop_archivist
    plans
    sql "$backend" "$name" <<<"INSERT INTO authentication_holder (id) VALUES (100); INSERT INTO access_token (id, token_value, token_value_hash, expiration, client_id, auth_holder_id) VALUES (100, 'value-100', 'hash-100', '2020-01-01 00:00:00', 1, 100);"
    without_values
done
exit $((failures > 0))
