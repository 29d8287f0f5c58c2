#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a person at a terminal sees: the plan's part for a DBA, the question before rows go, and --quiet.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_desk_$$

# on_terminal ANSWER ARGUMENT...: the program on a pseudo-terminal.
on_terminal() {
    local answer=$1
    shift
    code=0
    script -qec "$program $*" /dev/null >"$work/out" 2>"$work/err" <<<"$answer" || code=$?
}

unchanged() {
    [[ $(count "$backend" "$name") == "$before" ]]
}

declined() {
    [[ $code == 0 ]] && grep -q 'stopped: declined' "$work/out" && unchanged
}

silent() {
    [[ $code == 0 && ! -s $work/out && ! -s $work/err ]]
}

says() {
    [[ $code == 0 ]] && grep -q "$1" "$work/out"
}

on_backend() {
    backend=$1
    make_database "$backend" "$name"
    before=$(count "$backend" "$name")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name")
    export IAM_TOKEN_GC_DATABASE_URL

    run plan
    check "$backend: plan tells a DBA what it would free" says 'become free inside the tables'
    run plan --estimate
    if [[ $backend == sqlite ]]; then
        check "$backend: an estimate is refused, there are no statistics (64)" refused 64 statistics
    else
        check "$backend: an estimate says that it is one" says 'estimated from the statistics'
    fi
    run plan --format json
    check "$backend: the same is in the JSON" says '"reusable_bytes"'
    check "$backend: none of this removes anything" unchanged

    on_terminal n run
    check "$backend: on a terminal a person is asked, and no means no" declined
    on_terminal '' run
    check "$backend: and so does no answer" declined
    on_terminal y run --max-rows 1
    check "$backend: yes means yes" bash -c "[[ '$(count "$backend" "$name")' != '$before' ]]"
    on_terminal '' run --yes --max-rows 1
    check "$backend: --yes does not ask" says 'stopped: max_rows'
    run run --quiet
    check "$backend: without a terminal nobody is asked, and --quiet says nothing when all is well" silent
    touch "$work/summary"
    run run --quiet --summary-file "$work/summary"
    check "$backend: the summary is one line" [ "$(grep -c 'stopped: done (exit 0)' "$work/summary")" = 1 ]
}

on_backend sqlite
on_backend mariadb
on_backend postgresql
exit $((failures > 0))
