#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The program is killed at a random moment, again and again: nothing is half done, and a rerun finishes the work.
#   ITGC_TEST_SEED     what the moments follow from (1)
#   ITGC_FAULT_KILLS   how often: on SQLite, on each server (12 3)
# alone: what is to happen within seconds must not wait for others
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

read -r on_sqlite on_server <<<"${ITGC_FAULT_KILLS:-12 3}"

# Sizes and workers are drawn as well, so that the moments fall into different places.
killed_runs_do_no_harm() {
    local i batch longest_ms=700
    interrupted=0
    for ((i = 0; i < $1 || (interrupted == 0 && i < 20); i++)); do
        batch=$((RANDOM % 200 + 1))
        start --full-speed --batch-size "$batch" --workers "$((RANDOM % 3 + 1))"
        sleep "$(printf '0.%03d' $((RANDOM % longest_ms)))"
        # On a machine on which a run is over by then, the next one is killed earlier.
        if kill -KILL "$started" 2>/dev/null; then
            interrupted=$((interrupted + 1))
        else
            longest_ms=$((longest_ms / 2 + 1))
        fi
        finish 2>/dev/null
        unharmed "$name" || return 1
        if (($(expired "$backend" "$name") == 0)); then
            "$sim" seed --database-url "$url" --tokens 3000 --expired-only --seed "$((seed + 1000 + i))" >"$work/out"
        fi
    done
    ((interrupted > 0))
}

for shape in sqlite V121 iam; do
    name=itgc_kill_${shape,,}
    fill "$shape" "$name" 3000
    kills=$on_server
    if [[ $shape == sqlite ]]; then
        kills=$on_sqlite
    fi
    check "$shape: $kills runs killed at random moments (seed $seed) do no harm" killed_runs_do_no_harm "$kills"
    check "$shape: and a rerun finishes the work" finished "$name"
done
exit $((failures > 0))
