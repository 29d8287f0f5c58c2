# SPDX-License-Identifier: Apache-2.0
#
# Events of mariadb_events in, milliseconds out. Of a transaction that a statement began by itself the server records the
# statement as the longer of the two.

$1 != thread { emit(); thread = $1; transactions = 0; statements = 0 }
$4 == "T" { from[++transactions] = $2; to[transactions] = $3 }
$4 == "L" { first[++statements] = $2; last[statements] = $3 }
END { emit() }

function emit(    t, s, start) {
    s = 1
    for (t = 1; t <= transactions; ++t) {
        while (s <= statements && last[s] < from[t]) {
            ++s
        }
        if (s <= statements && first[s] < to[t]) {
            start = first[s] > from[t] ? first[s] : from[t]
            printf "%.3f\n", (to[t] - start) / 1e9
        }
    }
}
