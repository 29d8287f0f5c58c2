#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a run leaves for an alarm in metrics.file: how it ended, also when it failed.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

metrics=$work/folder/run.prom
mkdir "$work/folder"
name=itgc_system_run_metrics_$$
make_database sqlite "$name"
database=$(url sqlite "$name")

# figure NAME: its value in the file, empty without one.
figure() {
    awk -v name="iam_token_gc_run_$1" '$1 == name { print $2 }' "$metrics"
}

succeeded() {
    [[ $code == 0 && $(figure exit_code) == 0 && $(figure last_success_timestamp_seconds) == "$(figure end_timestamp_seconds)" ]]
}

alone_and_readable() {
    [[ $(ls "$work/folder") == run.prom && $(stat -c %a "$metrics") == 644 ]]
}

check_dry_run() {
    [[ $code == 0 && ! -e $metrics ]]
}

failed_after_success() {
    [[ $code == 69 && $(figure exit_code) == 69 && $(figure last_success_timestamp_seconds) == "$success" ]] &&
        grep -q '^iam_token_gc_run_stop_reason{reason="error"} 1$' "$metrics"
}

unwritable_report() {
    [[ $code == 74 && $(figure exit_code) == 74 ]]
}

untouched() {
    [[ $(count sqlite "$name") == "$before" ]]
}

removed_rows() {
    [[ $(figure 'removed_rows{target="access_token"}') -gt 0 ]]
}

before=$(count sqlite "$name")
run run --dry-run --database-url "$database" --metrics-file "$metrics"
check "a dry run leaves no metrics" check_dry_run

run run --database-url "$database" --metrics-file "$work/missing/run.prom"
check "metrics that cannot be written are an error that names the option" refused 74 --metrics-file
check "and nothing is removed before that is known" untouched

run run --database-url "$database" --metrics-file "$metrics"
check "a run that went well tells so, and that this was the last success" succeeded
check "its metrics tell how many rows it removed" removed_rows
check "the file is the only one in its folder, and other accounts may read it" alone_and_readable
success=$(figure last_success_timestamp_seconds)

run run --database-url "sqlite://$work/missing.sqlite" --metrics-file "$metrics"
check "a run that cannot reach its database tells so, and keeps the last success" failed_after_success

run run --database-url "$database" --metrics-file "$metrics" --output "$work/missing/report.txt"
check "a run that cannot write its report tells so" unwritable_report

((failures == 0))
