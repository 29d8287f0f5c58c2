# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What must hold after every fault: no promised row is lost, no family is removed by half, and a rerun finishes the
# work. Comes after ../system/lib.sh and ../concurrent/lib.sh.

# With the seed, what a script leaves to chance is the same again: ITGC_TEST_SEED=n.
RANDOM=$seed

# The garbage is older than the server's last token, as nobody issues any here.
export IAM_TOKEN_GC_CLOCK_IGNORE=true

# fill SHAPE NAME TOKENS: a database with that many tokens, nine of ten expired; sets $backend and $url.
fill() {
    backend=$(backend_of "$1")
    url=$(admin_url "$backend" "$2")
    IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$2")
    export IAM_TOKEN_GC_DATABASE_URL
    make_shape "$1" "$2"
    "$sim" seed --database-url "$url" --tokens "$3" --garbage-share 0.9 --seed "$seed" \
        --ledger "$work/ledger" >"$work/out"
    before=$(halves "$backend" "$2")
}

seeds=0
more_garbage() {
    "$sim" seed --database-url "$url" --tokens 3000 --expired-only --seed "$((++seeds + seed))" >"$work/out"
}

# halves BACKEND NAME: how many rows are there that half a removal would leave: tokens without scopes or holder,
# satellites without an owner.
halves() {
    {
        echo 'SELECT COUNT(*) FROM access_token a WHERE NOT EXISTS (SELECT 1 FROM token_scope s WHERE s.owner_id = a.id);'
        echo 'SELECT COUNT(*) FROM access_token a WHERE a.auth_holder_id IS NOT NULL' \
            'AND NOT EXISTS (SELECT 1 FROM authentication_holder h WHERE h.id = a.auth_holder_id);'
        local pair
        for pair in token_scope:access_token authentication_holder_{authority,extension,request_parameter,scope}:authentication_holder \
            saved_user_auth_authority:saved_user_auth; do
            echo "SELECT COUNT(*) FROM ${pair%:*} s WHERE NOT EXISTS (SELECT 1 FROM ${pair#*:} o WHERE o.id = s.owner_id);"
        done
    } | sql "$1" "$2" | paste -sd ' '
}

# unharmed NAME: after a fault.
unharmed() {
    local now
    now=$(halves "$backend" "$1")
    if [[ $now != "$before" ]]; then
        echo "  seed $seed, halves before: $before, now: $now"
        return 1
    fi
    "$sim" check --database-url "$url" --ledger "$work/ledger" >"$work/check" || {
        echo "  seed $seed"
        tail -5 "$work/check"
        return 1
    }
}

# finished NAME: a rerun ends well and leaves no garbage.
finished() {
    run run --full-speed --grace 0s
    [[ $code == 0 ]] && unharmed "$1" && [[ $(expired "$backend" "$1") == 0 ]]
}

# start ARGUMENT...: a run in the background, its report in $work/out, its log in $work/err; its pid is $started.
start() {
    : >"$work/out"
    : >"$work/err"
    "$program" run --grace 0s --format json "$@" >>"$work/out" 2>>"$work/err" </dev/null &
    started=$!
}

tokens_left() {
    sql "$backend" "$1" <<<'SELECT COUNT(*) FROM access_token;'
}

# working NAME COUNT: the run has begun to remove.
working() {
    (($(tokens_left "$1") < $2))
}

# waits_for_replica: the log says that the run waits for one that is behind, not for one that cannot be asked.
waits_for_replica() {
    grep -q 'above the limit.* reason=replica_lag' "$work/err"
}

# tables_of NAME: all tables of a database on MariaDB, as CHECKSUM TABLE wants them.
tables_of() {
    # shellcheck disable=SC2016  # backquotes of SQL
    sql mariadb "$1" <<<'SHOW TABLES' | sed 's/.*/`&`/' | paste -sd ,
}

# reported TEXT: in the report.
reported() {
    grep -qF -- "$1" "$work/out"
}

# ended CODE TEXT: the exit code, and the text in report or log.
ended() {
    [[ $code == "$1" ]] && grep -qF -- "$2" "$work/out" "$work/err"
}

reconnected() {
    [[ $code == 0 ]] && (($(jq .reconnects "$work/out") > 0))
}

# session_of_run: the server's number of the run's session that removes.
session_of_run() {
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"SELECT IS_USED_LOCK('iam-token-gc:$1')"
    else
        sql postgresql "$1" <<<"SELECT pid FROM pg_locks WHERE locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = '$1')"
    fi
}

# end_session NAME
end_session() {
    local session
    session=$(session_of_run "$1")
    [[ $session =~ ^[0-9]+$ ]] || return 1
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"KILL $session" >/dev/null 2>&1
    else
        sql postgresql "$1" <<<"SELECT pg_terminate_backend($session)" >/dev/null
    fi
}

# end_other_sessions NAME: all that the run has besides the one with its lock, those of its workers among them.
end_other_sessions() {
    local own session sessions
    own=$(session_of_run "$1")
    [[ $own =~ ^[0-9]+$ ]] || return 1
    if [[ $backend == mariadb ]]; then
        sessions=$(sql mariadb mysql <<<"SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '$account' AND ID <> $own")
        for session in $sessions; do
            sql mariadb mysql <<<"KILL $session" >/dev/null 2>&1 || true
        done
    else
        sessions=$(sql postgresql "$1" <<<"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '$account' AND pid <> $own")
    fi
    [[ -n $sessions ]]
}
