# SPDX-License-Identifier: Apache-2.0
#
# The server's log in, milliseconds out. A line is "seconds|session|transaction id|LOG:  duration: N ms  statement: ...";
# the id is there from the first row that a transaction locks, and gone when COMMIT has ended.

!/^[0-9.]+\|[0-9a-f.]+\|[0-9]+\|LOG:  duration: / { next }
{
    split($4, word, " ")
    start = $1 * 1000 - word[3]
}
$3 != 0 && !($2 in since) { since[$2] = start }
$3 == 0 && ($2 in since) {
    printf "%.3f\n", $1 * 1000 - since[$2]
    delete since[$2]
    next
}
# A statement that is a transaction of its own.
$3 == 0 && !($2 in since) && /DELETE|UPDATE|INSERT|delete_batch|iam-token-gc [a-z_]+\.lock/ && !/ (parse|bind) / {
    printf "%.3f\n", word[3]
}
