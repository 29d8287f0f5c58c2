# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A private server whose data can be put back: an empty one is made with new_data, open_server and close_server may be
# called many times, and keep_data and restore_data copy the folder of the closed server. Settings are near production:
# durable commits, a row-based binary log or full WAL. To be sourced after $backend is set.

# shellcheck source-path=SCRIPTDIR source=../private-server.sh
. "$(dirname "${BASH_SOURCE[0]}")/../private-server.sh"
PATH=$PATH:/usr/sbin

# Time enough for a server that has to be recovered, and for a benchmark of the largest scale.
server_start_limit=300
server_lifetime=86400

prepare_server() {
    new_server "bench-$backend"
    data=$server_folder/data
    as_user=()
    if [[ $backend == postgresql ]]; then
        pg_bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -1)
        if ((EUID == 0)); then
            chown postgres "$server_folder"
            as_user=(setpriv --reuid=postgres --regid="$(id -g postgres)" --clear-groups)
        fi
        BENCH_HOST=$server_folder
    else
        BENCH_HOST=$server_folder/mariadb.sock
    fi
    export BENCH_HOST
}

new_data() {
    if [[ $backend == postgresql ]]; then
        (cd "$server_folder" && "${as_user[@]}" "$pg_bin/initdb" --pgdata="$data" --username=root --auth=trust \
            --encoding=UTF8 --locale=C --no-instructions) >"$server_log" 2>&1 || server_failed "initdb failed"
    else
        mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$data" --skip-test-db \
            --auth-root-authentication-method=normal >"$server_log" 2>&1 || server_failed "mariadb-install-db failed"
    fi
}

# The performance schema records transactions and statements of whoever is not the simulator: what held locks how long.
open_mariadb() {
    local more
    read -ra more <<<"${ITGC_BENCH_MARIADB_SETTINGS:-}"
    start_server TERM mariadbd --no-defaults --user="$(id -un)" --datadir="$data" --socket="$BENCH_HOST" \
        --pid-file="$server_folder/server.pid" --skip-networking --default-time-zone=+00:00 \
        --innodb-buffer-pool-size="${pool_mb}M" --innodb-log-file-size=1G \
        --innodb-flush-log-at-trx-commit=1 --sync-binlog=1 --log-bin=binlog --binlog-format=ROW --server-id=1 \
        --innodb-buffer-pool-dump-pct=100 --innodb-buffer-pool-load-at-startup=1 \
        --performance-schema=1 --performance-schema-instrument='%=OFF' \
        --performance-schema-instrument='statement/%=ON' --performance-schema-instrument='transaction=ON' \
        --performance-schema-consumer-events-statements-current=1 \
        --performance-schema-consumer-events-statements-history-long=1 \
        --performance-schema-consumer-events-transactions-current=1 \
        --performance-schema-consumer-events-transactions-history-long=1 \
        --performance-schema-events-statements-history-long-size=200000 \
        --performance-schema-events-transactions-history-long-size=200000 \
        --performance-schema-max-sql-text-length=256 --performance-schema-digests-size=0 "${more[@]}"
    await_server sql <<<'SELECT 1'
    # An empty server has no list of pages to load.
    until [[ $(sql <<<"SHOW STATUS LIKE 'Innodb_buffer_pool_load_status'") =~ completed|No\ such|not\ started ]]; do
        sleep 0.1
    done
    sql <<<"TRUNCATE performance_schema.setup_actors;
        INSERT INTO performance_schema.setup_actors VALUES ('%', '%', '%', 'YES', 'YES'), ('%', 'sim', '%', 'NO', 'NO')"
}

open_postgresql() {
    start_server INT "${as_user[@]}" "$pg_bin/postgres" -D "$data" -c listen_addresses= \
        -c unix_socket_directories="$server_folder" -c external_pid_file="$server_folder/server.pid" \
        -c shared_buffers="${pool_mb}MB" -c max_connections=60 -c timezone=UTC -c log_timezone=UTC \
        -c max_wal_size=4GB -c checkpoint_timeout=15min -c log_line_prefix='%n|%c|%x|'
    await_server sql <<<'SELECT 1'
    sql <<<"CREATE EXTENSION IF NOT EXISTS pg_prewarm;
        SELECT SUM(pg_prewarm(oid)) FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace" \
        >/dev/null
}

# open_server: with the same part of the data in memory each time.
open_server() {
    "open_$backend"
    server_pid=$(head -1 "$server_folder/server.pid")
}

close_server() {
    kill -"$server_stop_signal" "$server_process"
    wait "$server_process" || true
    server_process=
}

# keep_data FOLDER and restore_data FOLDER; the server is closed.
keep_data() {
    mkdir -p "$1"
    rm -rf "$1/data"
    cp -a --reflink=auto "$data" "$1/data"
}

# What was copied goes to the disk before anything is measured.
restore_data() {
    rm -rf "$data"
    cp -a --reflink=auto "$1/data" "$data"
    sync -f "$data"
}
