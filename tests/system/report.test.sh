#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The per-client report from outside: its exit codes, where it reads, and the history it shares with runs.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_report_$$
state=$work/state.json

has() {
    grep -qF -- "$1" "$work/${2:-out}"
}

# No escape sequence and no line above 100 columns, but for a URL that is longer.
plain_and_narrow() {
    ! grep -q $'\x1b' "$work/out" && [[ $(grep -v '^  database' "$work/out" | LC_ALL=C.UTF-8 wc -L) -le 100 ]]
}

ended() {
    [[ $code == "$1" ]]
}

private_state() {
    [[ $(stat -c %a "$state") == 600 ]] && grep -q '"last_run"' "$state"
}

on_backend() {
    backend=$1
    make_database "$backend" "$name"
    rm -f "$state"
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL IAM_TOKEN_GC_STATE_FILE=$state
    run report
    check "$backend: the text is plain and fits 100 columns" plain_and_narrow
    check "$backend: and ends well, whoever is flagged" ended 0
    sql "$backend" "$name" <<<"UPDATE client_details SET access_token_validity_seconds = 864000"
    run report --fail-on flagged --flag-long-lived 1d
    check "$backend: a flagged client is exit code 1 for who asks" ended 1
    check "$backend: and is named with its flag" has long_lived
    run report --fail-on flagged --flag-long-lived 0s --flag-never-expires 0 --flag-unknown-client 0 --flag-inactive-client 0
    check "$backend: without a flag it is 0" ended 0

    run run
    check "$backend: a run keeps what it removed, for its owner only" private_state
    run report
    check "$backend: and the report after it tells" has 'were removed by the run of'
    run report --format json
    check "$backend: in JSON as well" has '"stop_reason": "done"'
    echo '{' >"$state"
    run report
    check "$backend: a broken history is a warning and no failure" ended 0
    check "$backend: and is named" has state.file err
    run report --state-file "$work/no/folder/state"
    check "$backend: one that cannot be written neither" ended 0
}

for backend in sqlite mariadb postgresql; do
    on_backend "$backend"
done

export IAM_TOKEN_GC_DATABASE_URL=sqlite:///no/such/primary.db
for backend in sqlite mariadb postgresql; do
    run report --report-database-url "$(url "$backend" "$name" "$reader")"
    check "$backend: a report reads where report.database_url says, with an account that may only read" ended 0
    check "$backend: and says so" has "$name"
done
run run --format csv
check "a run knows no CSV (78)" refused 78 report.format
exit $((failures > 0))
