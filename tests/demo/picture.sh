#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Usage: tests/demo/picture.sh [BUILD_FOLDER]
# Makes tests/demo/report.png, the top of the page that a report on the replay of October 2022 is, for the README.
set -euo pipefail

cd "$(dirname "$0")/../.."
build=${1:-build}
work=$(mktemp -d "${TMPDIR:-/tmp}/itgc-picture.XXXXXX")
# shellcheck source-path=SCRIPTDIR source=../system/browser.sh
. tests/system/browser.sh
trap 'stop_browser; rm -rf "$work"' EXIT

"$build/demo-seed" "$work/iam.sqlite" tests/fixtures/sqlite/iam/*.sql
"$build/iam-token-gc" report --database-url "sqlite://$work/iam.sqlite" --format html --output "$work/page.html"
start_browser
width 1000
open_page "$work/page.html"
# The path says something about nothing but this machine; the folded clients hide nothing.
script "const line = document.querySelector('header p');
    line.textContent = line.textContent.replace(/sqlite:[^ ]*/, 'sqlite:///iam.sqlite');
    document.querySelectorAll('article.client').forEach((card, at) => { card.hidden = at > 0; });" >/dev/null
picture tests/demo/report.png 1000 1150
echo "made tests/demo/report.png"
