# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For the scripts here. They end with: exit "$failed"
failed=0

# verdict SENTENCE: reports whether the command before it succeeded.
verdict() {
    if (($? == 0)); then
        echo "ok - $1"
    else
        echo "not ok - $1"
        failed=1
    fi
}
