#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Each right of sql/admin/grants.*.sql is needed and none is missing: one after the other is taken away. Then a run, a
# report or a plan says so, check prints the GRANT, and that brings the right back.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_each_right_$$
as_reader=
# What a command says that ends well and goes without something.
without='unknown, the account|no right on|goes without'

emptied=(access_token_permissions permission_ticket permission_scope permission token_scope access_token refresh_token
    authorization_code device_code_scope device_code_request_parameter device_code authentication_holder_scope
    authentication_holder_authority authentication_holder saved_user_auth_info saved_user_auth_authority saved_user_auth
    iam_revoked_at SPRING_SESSION_ATTRIBUTES SPRING_SESSION client_contact client_grant_type client_last_used
    iam_account_client client_details)

# fill: the rows of every kind, whatever was there.
fill() {
    {
        if [[ $backend == mariadb ]]; then
            echo 'SET foreign_key_checks = 0;'
        fi
        printf 'DELETE FROM %s;\n' "${emptied[@]}"
        cat "$source_dir/tests/system/rows.sql" "$source_dir/tests/system/every_kind.sql"
    } | sql "$backend" "$name"
    filled=$(total)
}

total() {
    printf 'SELECT COUNT(*) FROM %s;\n' "${emptied[@]}" | sql "$backend" "$name" | paste -sd ' '
}

# rights ACCOUNT: "privilege|table", one a line, columns apart. ctid only spares a run the long way, so nothing fails
# without it; the contract tests drain by it.
rights() {
    grep -v '^--' "$source_dir/sql/admin/grants.${backend/mariadb/mysql}.sql" | tr '\n' ' ' | sed 's/;/;\n/g' |
        sed -n "s/.*GRANT \\(.*\\) ON \\(\\S*\\) TO '\\?$1['@%]*;/\\1|\\2/p" | awk -F'|' '
            {
                table = $2
                while (match($1, /[A-Z]+( \([^)]*\))?/)) {
                    privilege = substr($1, RSTART, RLENGTH)
                    $1 = substr($1, RSTART + RLENGTH)
                    word = privilege
                    sub(/ .*/, "", word)
                    if (!sub(/^[A-Z]+ \(/, "", privilege)) {
                        print word "|" table
                        continue
                    }
                    sub(/\)/, "", privilege)
                    count = split(privilege, columns, /, */)
                    for (i = 1; i <= count; i++) {
                        if (columns[i] != "ctid") {
                            print word " (" columns[i] ")|" table
                        }
                    }
                }
            }'
}

quoted() {
    if [[ $backend == mariadb ]]; then
        echo "'$1'@'%'"
    else
        echo "$1"
    fi
}

# Fails, or warns of what it goes without. The state of the tables is that of fill again when it ends.
complains() {
    local command words
    for command in "${commands[@]}"; do
        read -ra words <<<"$command"
        if [[ $command == run && $(total) != "$filled" ]]; then
            fill
        fi
        # A table of the server's own that nobody has a right on shows that all are seen.
        run "${words[@]}" --format json
        if [[ $code != 0 || -s $work/err ]] || grep -qE "$without" "$work/out"; then
            return
        fi
    done
    return 1
}

prints_grant() {
    run check --format json
    jq -r '.findings[].remedies[] | select(startswith("GRANT"))' "$work/out" >"$work/printed.sql"
    [[ $(<"$work/printed.sql") == "GRANT ${privilege} ON $table TO $(quoted "$account");" ]] && mv "$work/printed.sql" "$work/grant.sql"
}

# each ACCOUNT COMMAND...: every right of that account in turn.
each() {
    local of=$1 right taken=0 absent=0 unneeded='' unnamed=''
    shift
    commands=("$@")
    while read -r right; do
        privilege=${right%|*} table=${right#*|}
        if ! sql "$backend" "$name" <<<"REVOKE $privilege ON $table FROM $(quoted "$of")" 2>/dev/null; then
            absent=$((absent + 1))
            continue
        fi
        taken=$((taken + 1))
        complains || unneeded+=" $privilege ON $table;"
        echo "GRANT $privilege ON $table TO $(quoted "$of");" >"$work/grant.sql"
        if [[ -z $as_reader ]]; then
            prints_grant || unnamed+=" $privilege ON $table;"
        fi
        sql "$backend" "$name" <"$work/grant.sql" || unnamed+=" (again) $privilege ON $table;"
    done < <(rights "${of/$account/iam_token_gc}")
    echo "# $backend: $of had $taken rights taken away, $absent are on what this schema does not have"
    [[ -z $unneeded$unnamed ]] || echo "  not needed:$unneeded not named by check:$unnamed"
    check "$backend: each of $taken rights is needed by: $*" [ -z "$unneeded" ]
    [[ -n $as_reader ]] || check "$backend: check prints the GRANT for each, which gives it back" [ -z "$unnamed" ]
    check "$backend: nearly all rights of the file were taken away" [ "$taken" -gt "$((absent * 8))" ]
}

none_is_missing() {
    fill
    run check
    check "$backend: check finds no right missing" bash -c "[ $code = 0 ] && ! grep -q '^[a-z]*  *rights: .*lacks' '$work/out'"
    run report --format json
    check "$backend: a report goes without nothing" whole
    run plan --client one --log-level warning --format json
    check "$backend: the plan to purge a client goes without nothing" whole
    run run --format json
    check "$backend: a run removes rows of every target" every_target
    run why 3
    check "$backend: why works" [ "$code" = 0 ]
}

whole() {
    [[ $code == 0 && ! -s $work/err ]] && ! grep -qE "$without" "$work/out"
}

# But satellites, which foreign keys guard here.
every_target() {
    [[ $code == 0 ]] && jq -e '[.targets | to_entries[] | select(.value.removed == 0) | .key] - ["satellite"] == []' \
        "$work/out" >/dev/null
}

for backend in mariadb postgresql; do
    make_schema "$backend" "$name"
    sql "$backend" "$name" <"$source_dir/sql/admin/indexes.${backend/mariadb/mysql}.sql" 2>/dev/null || true
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    none_is_missing
    fill
    each "$account" run report 'plan --client one --log-level warning'
    none_is_missing
    fill
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name" "$reader")
    as_reader=yes
    each "$reader" plan report 'plan --client one --log-level warning'
    as_reader=
done
exit $((failures > 0))
