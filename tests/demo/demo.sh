#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: tests/demo/demo.sh [BUILD_FOLDER]
# Shows the program at work on a SQLite database with a small replay of October 2022. Everything is
# made in the build folder; no server is needed.
set -euo pipefail

cd "$(dirname "$0")/../.."
build=${1:-build}
mkdir -p "$build/demo"
database=$(realpath "$build/demo")/iam.sqlite
program=$build/iam-token-gc

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

show "$build/demo-seed" "$database" tests/fixtures/sqlite/iam/*.sql

export IAM_TOKEN_GC_DATABASE_URL=sqlite://$database
export IAM_TOKEN_GC_STATE_FILE=$build/demo/state.json
rm -f "$IAM_TOKEN_GC_STATE_FILE"
printf '\n$ export IAM_TOKEN_GC_DATABASE_URL=%s IAM_TOKEN_GC_STATE_FILE=%s\n' \
    "$IAM_TOKEN_GC_DATABASE_URL" "$IAM_TOKEN_GC_STATE_FILE"
show "$program" report --top 3
show "$program" check
show "$program" plan
show "$program" run --dry-run
show "$program" run
# The database is small, and so is what is much there.
show "$program" report --format html --output "$build/demo/report.html" --flag-min-tokens 500
show "$program" report --flag-min-tokens 500 --top 5
printf '\nThe same as a page, for a browser: %s\n' "$(realpath "$build/demo/report.html")"
