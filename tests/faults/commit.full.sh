#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A COMMIT with an unknown outcome: the connection ends before the server sees it, or before the program sees the
# answer. And a COMMIT, and a statement, that fail with a deadlock.
# alone: what is to happen within seconds must not wait for others
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

# start_proxy N WHEN: the way to the server that is cut at the N-th COMMIT; sets $proxied, the URL through it.
start_proxy() {
    local socket=$work/proxy server=$mysql_socket
    proxied="mysql://root@localhost/$name?socket=$socket"
    if [[ $backend == postgresql ]]; then
        mkdir -p "$work/way"
        socket=$work/way/.s.PGSQL.5432
        server=$pg_host/.s.PGSQL.5432
        proxied="postgresql:///$name?host=$work/way&user=$pg_user"
    fi
    rm -f "$socket"
    "$source_dir/tests/faults/cut-at-commit" "$socket" "$server" "$1" "$2" >"$work/proxy.out" 2>"$work/proxy.err" &
    proxy=$!
    eventually test -S "$socket"
}

stop_proxy() {
    kill "$proxy"
    wait "$proxy" || true
}

# What the report says was removed is what is gone.
counted_right() {
    local gone
    gone=$(($1 - $(tokens_left "$name")))
    [[ $code == 0 && $(<"$work/proxy.out") == cut ]] && (($(jq .reconnects "$work/out") > 0)) &&
        ((gone > 0)) && [[ $(jq .targets.access_token.removed "$work/out") == "$gone" ]]
}

retried() {
    [[ $code == 0 ]] && (($(jq .conflicts "$work/out") > 0))
}

# A session that reads commands from file descriptor 8; nothing it does is committed.
open_session() {
    mkfifo "$work/in" "$work/answers"
    if [[ $backend == mariadb ]]; then
        mariadb --no-defaults --unbuffered --batch --skip-column-names --socket="$mysql_socket" --user=root "$name" \
            <"$work/in" >"$work/answers" 2>"$work/session.err" &
    else
        psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --host="$pg_host" \
            --username="$pg_user" "$name" <"$work/in" >"$work/answers" 2>"$work/session.err" &
    fi
    session=$!
    exec 8>"$work/in" 9<"$work/answers"
}

# ask SQL: its first row, which it must have.
ask() {
    echo "$1" >&8
    read -r -t 20 answer <&9
}

close_session() {
    exec 8>&- 9<&-
    session_code=0
    wait "$session" || session_code=$?
    rm "$work/in" "$work/answers"
}

run_waits_for_a_lock() {
    local waiting
    # InnoDB shows the same waits to all who look within a tenth of a second.
    sleep 0.15
    if [[ $backend == mariadb ]]; then
        waiting=$(sql mariadb mysql <<<'SELECT COUNT(*) FROM information_schema.innodb_lock_waits')
    else
        waiting=$(sql postgresql "$name" <<<"SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = '$name' AND wait_event_type = 'Lock'")
    fi
    ((waiting > 0))
}

# A session locks the last token of a batch and, while the run waits for it, wants a row the run has locked before.
# MariaDB ends the session that changed less, PostgreSQL the one that looks first, so that both choose the run.
deadlock_with_a_session() {
    local last
    open_session
    if [[ $backend == mariadb ]]; then
        ask "CREATE TEMPORARY TABLE much (id BIGINT PRIMARY KEY) ENGINE = InnoDB; BEGIN;
            INSERT INTO much SELECT seq FROM seq_1_to_20000; SELECT 'begun';"
    else
        sql postgresql "$name" <<<"ALTER DATABASE $name SET deadlock_timeout = '3s'"
        ask "SET deadlock_timeout = '60s'; BEGIN; SELECT 'begun';"
    fi
    read -r first last < <(sql "$backend" "$name" <<<'SELECT MIN(id), MAX(id) FROM (SELECT id FROM access_token
        WHERE expiration < CURRENT_TIMESTAMP ORDER BY expiration DESC, id DESC LIMIT 20) batch;' | tr '|' ' ')
    ask "SELECT id FROM access_token WHERE id = $last FOR UPDATE;"
    # Without the descriptors, or the session would not end before the run.
    start --batch-size 20 --batch-time 10s --lock-wait 20s --full-speed 8>&- 9<&-
    eventually run_waits_for_a_lock || true
    ask "SELECT owner_id FROM token_scope WHERE owner_id = $first FOR UPDATE;" || true
    close_session
    finish
}

the_run_gave_way() {
    [[ $session_code == 0 && $answer == "$first" ]] && retried
}

# The first COMMIT after this fails, as it does on a cluster when another node was faster.
break_one_commit() {
    sql postgresql "$name" <<'SQL'
CREATE SEQUENCE commits;
CREATE FUNCTION break_one_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF nextval('commits') = 1 THEN
        RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER break_one_commit AFTER DELETE ON access_token DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION break_one_commit();
SQL
}

for shape in V121 iam; do
    name=itgc_commit_${shape,,}
    fill "$shape" "$name" 6000
    for nth in 1 3; do
        for when in before after; do
            start_proxy "$nth" "$when"
            all=$(tokens_left "$name")
            run run --database-url "$proxied" --grace 0s --full-speed --batch-size 100 --max-rows 600 --format json
            stop_proxy
            check "$shape: connection lost at COMMIT $nth $when the server took it: every row is counted once" \
                counted_right "$all"
            check "$shape: without harm" unharmed "$name"
        done
    done
    deadlock_with_a_session
    check "$shape: in a deadlock the run gives way and tries again, the other session goes on" the_run_gave_way
    check "$shape: without harm" unharmed "$name"
done

fill iam itgc_commit_deferred 3000
name=itgc_commit_deferred
break_one_commit
run run --grace 0s --full-speed --format json
check "iam: a deadlock at COMMIT is tried again" retried
check "iam: without harm" unharmed "$name"
check "iam: and all garbage is gone" finished "$name"
exit $((failures > 0))
