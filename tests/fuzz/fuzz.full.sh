#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The readers of configuration, URL, history and memory take the kept corpus and what libFuzzer makes of it in a short time.
set -euo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make fuzz FUZZ_SECONDS=10 >"$log" 2>&1; then
    echo 'ok - ten seconds of fuzzing break no reader: configuration, URL, history, memory'
else
    echo 'not ok - ten seconds of fuzzing break no reader: configuration, URL, history, memory'
    tail -n 30 "$log" | sed 's/^/  /'
    exit 1
fi
