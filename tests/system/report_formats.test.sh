#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The formats of a report and the letter to the owner of a client, from the command line.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_formats_$$
make_database sqlite "$name"
database=$(url sqlite "$name")
client=$(sql sqlite "$name" <<<"SELECT c.client_id FROM client_details c JOIN access_token t ON t.client_id = c.id LIMIT 1")
IAM_TOKEN_GC_DATABASE_URL=$database
export IAM_TOKEN_GC_DATABASE_URL

# written BEGINNING ENDING: the first and the last line of stdout.
written() {
    [[ $code == 0 && $(head -n 1 "$work/out") == "$1" && $(tail -n 1 "$work/out") == "$2" ]]
}

one_record_per_client() {
    [[ $code == 0 && $(head -c 13 "$work/out") == id,client_id, && $(grep -vc $'\r$' "$work/out") == 0 ]]
}

message() {
    [[ $code == 0 ]] && head -n 1 "$work/out" | grep -q "^$1" && grep -qF "$2" "$work/out"
}

private() {
    [[ $code == 0 && $(stat -c %a "$work/report.html") == 640 ]]
}

run report --format html
check "the page is one document" written "<!DOCTYPE html>" "</html>"
run report --format html --output "$work/report.html"
check "a page in a file is for its owner and group only" private
run report --format openmetrics
check "the metrics end with the mark of OpenMetrics" written \
    "# HELP iam_token_gc_access_tokens Access tokens without registration tokens, by state." "# EOF"
run report --format csv
check "CSV begins with its header, and every line ends as RFC 4180 has it" one_record_per_client
run report --format mail
check "the message begins with its subject and holds the text" message "Subject: \[iam-token-gc\]" "iam-token-gc "
run report --client "$client"
check "the letter is to the owner of the client" message "To the owner of the OAuth client " "$client"
run report --client nobody
check "a client that has no tokens is an error" refused 64 nobody
run report --client "$client" --format csv
check "a letter has no other formats" refused 78 --client
run plan --format html
check "only the report has these formats" refused 78 report.format
exit $((failures > 0))
