# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What tests/run-tests leaves in a folder about each program, and how it is summed up. Several may leave it in the same.
#   counts   "passed failed skipped", a line a program
#   times    "seconds program"
#   failed   what failed and how, ready to be shown

# add_result FOLDER PROGRAM SECONDS PASSED FAILED SKIPPED [COMPLAINTS]
add_result() {
    {
        flock 9
        echo "$4 $5 $6" >>"$1/counts"
        echo "$3 $2" >>"$1/times"
        if (($5 > 0)); then
            printf '%s\n' "failed: $2" ${7:+"$7"} >>"$1/failed"
        fi
    } 9>"$1/lock"
}

# print_summary FOLDER: ends with "N passed, N failed" and, when there are any, ", N skipped"; fails when a test did or
# none ran.
print_summary() {
    local passed failed skipped
    touch "$1/counts" "$1/times"
    read -r passed failed skipped < <(
        awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$1/counts"
    )
    echo
    sort -rn "$1/times" | awk 'NR <= 8 && $1 >= 5 { printf "# %4d s %s\n", $1, $2 }'
    if [[ -f $1/failed ]]; then
        cat "$1/failed"
    fi
    if ((passed + failed == 0)); then
        echo "No test ran."
    fi
    if ((skipped > 0)); then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    ((failed == 0 && passed > 0))
}
