#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Only one run works on a database; the one that comes second names the first.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_lock_$$

# A session of somebody else that takes the lock, says so, and holds it until its input ends.
hold_lock() {
    mkfifo "$work/in.$1" "$work/held.$1"
    case $1 in
    sqlite)
        flock "$work/$name.sqlite.iam-token-gc.lock" bash -c "echo held >'$work/held.$1'; cat" <"$work/in.$1" &
        ;;
    mariadb)
        mariadb --no-defaults --unbuffered --batch --skip-column-names --socket="$mysql_socket" --user=root "$name" \
            <"$work/in.$1" >"$work/held.$1" &
        ;;
    postgresql)
        psql --no-psqlrc --quiet --tuples-only --no-align --host="$pg_host" --username="$pg_user" "$name" \
            <"$work/in.$1" >"$work/held.$1" &
        ;;
    esac
    holder=$!
    exec 8>"$work/in.$1" 9<"$work/held.$1"
    case $1 in
    mariadb) echo "SELECT GET_LOCK('iam-token-gc:$name', 0);" >&8 ;;
    postgresql) echo 'SELECT pg_try_advisory_lock(1769236323, hashtext(current_schema()));' >&8 ;;
    esac
    read -r -t 20 _ <&9
}

let_go() {
    exec 8>&- 9<&-
    wait "$holder" || true
}

for backend in sqlite mariadb postgresql; do
    make_database "$backend" "$name"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL
    before=$(count "$backend" "$name")
    hold_lock "$backend"
    run run
    check "$backend: a run that finds another one at work ends (75) and says so" refused 75 'another run'
    check "$backend: and removed nothing" [ "$(count "$backend" "$name")" = "$before" ]
    run run --dry-run
    check "$backend: a dry run needs no lock" [ "$code" = 0 ]
    run check
    check "$backend: check sees the other run" grep -q 'another run is at work' "$work/out"
    let_go
    run run
    check "$backend: when the other one is gone, a run works" [ "$code" = 0 ]
done
exit $((failures > 0))
