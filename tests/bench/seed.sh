# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The seeded data of a shape, kept in a folder: the data of a closed server, seed.json, and facts, a file of assignments.
# Comes after server.sh and lib.sh.

# seed_data SHAPE TOKENS FOLDER: fills a new server as iam-sim says, and keeps its data.
seed_data() {
    new_data
    BENCH_DATABASE='' open_server
    BENCH_DATABASE='' sql <<<"CREATE DATABASE iam"
    if [[ $backend == mariadb ]]; then
        sql <<<"CREATE USER bench@localhost; CREATE USER sim@localhost;
            GRANT ALL ON *.* TO bench@localhost; GRANT ALL ON *.* TO sim@localhost"
    else
        # What the contender does goes to the server's log, with how long it took.
        sql <<<"CREATE ROLE bench SUPERUSER LOGIN; CREATE ROLE sim SUPERUSER LOGIN;
            ALTER ROLE bench SET log_min_duration_statement = 0; ALTER ROLE bench SET log_parameter_max_length = 0"
    fi
    "$source_dir/tests/fixtures/schema" "$backend" "$1" | sql
    add_indexes "$1"
    "$ITGC_TEST_SIM" seed --database-url "$(url sim)" --tokens "$2" --garbage-share 0.9 --connections 2 \
        --json "$server_folder/seed.json"
    tidy_up
    facts >"$server_folder/facts"
    close_server
    keep_data "$3"
    cp "$server_folder/seed.json" "$server_folder/facts" "$3"
}

# The two indexes that the whole job needs and that the shapes without foreign keys lack; all contenders have them.
add_indexes() {
    [[ $1 > V092 && $1 < V999 ]] || grep -hE 'gc_(access_token_refresh_token|authentication_holder_user_auth)_id_idx' \
        "$source_dir/sql/admin/indexes.${backend/mariadb/mysql}.sql" | sql
}

# The logs and statistics of seeding are not of a server in use.
tidy_up() {
    if [[ $backend == mariadb ]]; then
        await_purge
        sql <<<"RESET MASTER; SET GLOBAL innodb_max_dirty_pages_pct = 0"
    else
        sql <<<"VACUUM (ANALYZE)"
        sql <<<"CHECKPOINT"
    fi
}

# The safe points are those of the program: the newest holder among what expired, and the newest user authentication
# among the holders up to there. What bounds the comparison of end states are the newest ids of the seed.
facts() {
    local now="UTC_TIMESTAMP()" table
    [[ $backend == mariadb ]] || now="now() AT TIME ZONE 'UTC'"
    BENCH_CUTOFF=$(sql <<<"SELECT $now - INTERVAL '12' HOUR")
    BENCH_CUTOFF=${BENCH_CUTOFF%.*}
    echo "export BENCH_CUTOFF='$BENCH_CUTOFF'"
    echo "export BENCH_SEEDED=$EPOCHSECONDS"
    holder=$(sql <<<"SELECT MAX(h) FROM (
        SELECT MAX(auth_holder_id) AS h FROM access_token WHERE expiration < '$BENCH_CUTOFF'
        UNION SELECT MAX(auth_holder_id) FROM authorization_code WHERE expiration < '$BENCH_CUTOFF'
        UNION SELECT MAX(auth_holder_id) FROM device_code WHERE expiration < '$BENCH_CUTOFF') x")
    echo "export BENCH_SAFE_HOLDER=$holder"
    echo "export BENCH_SAFE_USER_AUTH=$(
        sql <<<"SELECT MAX(user_auth_id) FROM authentication_holder WHERE id <= $holder"
    )"
    for table in access_token:ACCESS_TOKEN refresh_token:REFRESH_TOKEN authentication_holder:HOLDER \
        saved_user_auth:USER_AUTH authorization_code:CODE device_code:DEVICE; do
        echo "export BENCH_LAST_${table#*:}=$(sql <<<"SELECT COALESCE(MAX(id), 0) FROM ${table%:*}")"
    done
    echo "export BENCH_TOKENS=$(sql <<<"SELECT COUNT(*) FROM access_token WHERE expiration < '$BENCH_CUTOFF'")"
}

# seed_if_needed SHAPE TOKENS FOLDER: data seeded less than eight hours ago is as good as new, because its living rows
# still count as living.
seed_if_needed() {
    if [[ ! -f $3/facts ]] || [[ $ITGC_TEST_SIM -nt $3/facts ]] \
        || (. "$3/facts" && ((EPOCHSECONDS - BENCH_SEEDED > 28800))); then
        echo "# $1: seeding $2 tokens" >&2
        seed_data "$1" "$2" "$3" >&2
    fi
    # shellcheck source=/dev/null
    . "$3/facts"
}
