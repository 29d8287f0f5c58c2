# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the server and the kernel count. Comes after lib.sh; $server_pid is the server's.

# Processor time in seconds of the server and of all processes that it started, ended ones included.
server_cpu() {
    local ticks
    ticks=$(getconf CLK_TCK)
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) /\1 /' | awk -v server="$server_pid" -v ticks="$ticks" '
        $1 == server { sum += $13 + $14 + $15 + $16 }
        $3 == server { sum += $13 + $14 }
        END { print sum / ticks }'
}

# log_bytes: binary log and redo log, or WAL, written since the server was made.
log_bytes() {
    if [[ $BENCH_BACKEND == mariadb ]]; then
        sql <<<"SHOW BINARY LOGS" | awk '{ sum += $2 } END { printf "%d\n", sum }'
    else
        sql <<<"SELECT pg_current_wal_lsn() - '0/0'"
    fi
}

server_version() {
    if [[ $BENCH_BACKEND == mariadb ]]; then
        echo "MariaDB $(sql <<<'SELECT VERSION()' | sed 's/-.*//')"
    else
        echo "PostgreSQL $(sql <<<'SHOW server_version' | sed 's/ .*//')"
    fi
}

history_length() {
    sql <<<"SELECT count FROM information_schema.innodb_metrics WHERE name = 'trx_rseg_history_len'"
}

# Until InnoDB has purged what was removed, two minutes at most.
await_purge() {
    local end=$((SECONDS + 120))
    [[ $BENCH_BACKEND == mariadb ]] || return 0
    while (($(history_length) > 50 && SECONDS < end)); do
        sleep 0.1
    done
}

# lock_times: for how many milliseconds the contender's transactions held locks, one a line: from the beginning of the
# first statement that locks rows to the end of the transaction.
lock_times() {
    if [[ $BENCH_BACKEND == mariadb ]]; then
        mariadb_events | awk -F '\t' -f "$bench_dir/mariadb_locks.awk"
    else
        awk -F '|' -f "$bench_dir/postgresql_locks.awk" "$server_log"
    fi
}

# Thread, beginning and end in picoseconds, what: T for a transaction, L for a statement that locks.
mariadb_events() {
    sql <<'SQL' | sort -t $'\t' -k1,1n -k2,2n
SELECT thread_id, timer_start, timer_end, 'T' FROM performance_schema.events_transactions_history_long
WHERE timer_end IS NOT NULL;
SELECT thread_id, timer_start, timer_end, 'L' FROM performance_schema.events_statements_history_long
WHERE timer_end IS NOT NULL AND (sql_text REGEXP 'DELETE|UPDATE|INSERT' OR sql_text REGEXP 'iam-token-gc [a-z_]+[.]lock');
SQL
}
