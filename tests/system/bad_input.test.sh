#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Bad input gives one clear sentence, the documented exit code and an unchanged database.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

unchanged() {
    [[ $(count "$backend" "$name") == "$before" ]]
}

refused_and_unchanged() {
    refused "$@" && unchanged
}

no_database_named() {
    unset IAM_TOKEN_GC_DATABASE_URL
    run run
    check 'without a database the program says how to name one (78)' refused 78 IAM_TOKEN_GC_DATABASE_URL
}

wrong_words() {
    run --database-url 'oracle://x/y' check
    check 'an unknown kind of URL is refused with the kinds there are (78)' refused 78 'mysql://'
    run --database-url 'mysql://me:secret@host/db' check
    check 'a password on the command line is refused (64)' refused 64 password
    check 'and is not repeated' bash -c "! grep -q secret '$work/err'"
    run rnu
    check 'an unknown command is answered with the nearest one (64)' refused 64 run
    run run --batch-size 0
    check 'a value out of range names its range (64)' refused 64 '1 to 100000'
    printf 'limits:\n  batch_sise: 5\n' >"$work/bad.yaml"
    run --config "$work/bad.yaml" check
    check 'an unknown key is refused with file, line and the nearest key (78)' refused 78 "bad.yaml:2"
    run --config "$work/none.yaml" check
    check 'a missing configuration file is refused (78)' refused 78 none.yaml
}

# On one database of each backend.
on_backend() {
    backend=$1
    name=itgc_system_bad_$$
    make_database "$backend" "$name"
    before=$(count "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL

    run run --output /dev/full
    check "$backend: a full disk for the report is found before anything is removed (74)" refused_and_unchanged 74 /dev/full
    code=0
    "$program" run >/dev/full 2>"$work/err" </dev/null || code=$?
    check "$backend: a full disk on stdout is found before anything is removed (74)" refused_and_unchanged 74 stdout
    code=0
    "$program" run --format json >&- 2>"$work/err" </dev/null || code=$?
    check "$backend: a closed stdout is found before anything is removed (74)" refused_and_unchanged 74 stdout
    run run --output "$work/no/such/folder/report"
    check "$backend: a report in a missing folder is refused before anything is removed (74)" refused_and_unchanged 74 folder

    sql "$backend" "$name" <<<"ALTER TABLE authorization_code RENAME TO elsewhere"
    run run
    sql "$backend" "$name" <<<"ALTER TABLE elsewhere RENAME TO authorization_code"
    check "$backend: a missing table is named (65)" refused_and_unchanged 65 authorization_code

    run run
    check "$backend: after all that a run does its work (0)" [ "$code" = 0 ]
    check "$backend: and removes what is garbage" bash -c "[[ '$(count "$backend" "$name")' != '$before' ]]"
}

unreachable() {
    run --database-url "sqlite://$work/none.sqlite" run
    check 'sqlite: a missing file is an error and stays missing (69)' refused 69 none.sqlite
    check 'sqlite: no file was made' [ ! -e "$work/none.sqlite" ]
    run --database-url "mysql://root@localhost/x?socket=$work/none.sock" run
    check 'mariadb: a dead server is named (69)' refused 69 none.sock
    run --database-url "mysql://root@localhost/x?socket=$work/none.sock" check
    check 'mariadb: a check that reaches no server does not speak of one' bash -c "! grep -q '^  server' '$work/out'"
    run --database-url "postgresql:///x?host=$work&user=me" run
    check 'postgresql: a dead server is named (69)' refused 69 "$work"
    run --database-url 'mysql://root@127.0.0.1:1/x' --connect-timeout 2s run
    check 'mariadb: a closed port is named (69)' refused 69 127.0.0.1
    echo nonsense >"$work/nonsense.sqlite"
    run --database-url "sqlite://$work/nonsense.sqlite" run
    check 'sqlite: a file that is no database is refused (65)' refused 65 nonsense.sqlite
}

no_database_named
wrong_words
unreachable
on_backend sqlite
on_backend mariadb
on_backend postgresql
exit $((failures > 0))
