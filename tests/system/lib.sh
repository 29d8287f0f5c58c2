# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# For the scripts here: databases on every backend, the program from outside, and "ok - sentence" lines.
# Each backend is a word: sqlite, mariadb, postgresql. The program works with the account of sql/admin/grants.*.sql.

program=${ITGC_TEST_PROGRAM:?run these tests with make test}
source_dir=${ITGC_TEST_SOURCE_DIR:?run these tests with make test}
work=$(mktemp -d "${TMPDIR:-/tmp}/itgc-system.XXXXXX")
trap 'drop_databases; rm -rf "$work"' EXIT
unset IAM_TOKEN_GC_CONFIG
databases=()
failures=0
account=itgc_gc_$$
reader=${account}_reader

mysql_socket=${ITGC_TEST_MARIADB_SOCKET:?run these tests with make test}
pg_host=$(sed -E 's/.*[?&]host=([^&]*).*/\1/' <<<"${ITGC_TEST_POSTGRESQL_URL:?run these tests with make test}")
pg_user=$(sed -E 's/.*[?&]user=([^&]*).*/\1/' <<<"$ITGC_TEST_POSTGRESQL_URL")

# sql BACKEND NAME: runs standard input as the server's own administrator and prints bare values.
sql() {
    case $1 in
    sqlite) sqlite3 -bail "$work/$2.sqlite" ;;
    mariadb) mariadb --no-defaults --socket="$mysql_socket" --user=root --batch --skip-column-names "$2" ;;
    postgresql) psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
        --host="$pg_host" --username="$pg_user" "$2" ;;
    esac
}

# url BACKEND NAME [USER]: for the program, with the rights of the grants file, unless another user is named.
url() {
    case $1 in
    sqlite) echo "sqlite://$work/$2.sqlite" ;;
    mariadb) echo "mysql://${3:-$account}@localhost/$2?socket=$mysql_socket" ;;
    postgresql) echo "postgresql:///$2?host=$pg_host&user=${3:-$account}" ;;
    esac
}

# admin_url BACKEND NAME: for those who make tokens and schemas.
admin_url() {
    case $1 in
    postgresql) url "$1" "$2" "$pg_user" ;;
    *) url "$1" "$2" root ;;
    esac
}

# grant BACKEND NAME FILE: a file of sql/admin for the accounts of this script. Statements about tables that the schema
# does not have fail, as those files say.
grant() {
    sed "s/iam_token_gc/$account/g" "$source_dir/sql/admin/$3.${1/mariadb/mysql}.sql" |
        if [[ $1 == mariadb ]]; then
            mariadb --no-defaults --force --socket="$mysql_socket" --user=root "$2" 2>/dev/null || true
        else
            psql --no-psqlrc --quiet --host="$pg_host" --username="$pg_user" "$2" 2>/dev/null
        fi
}

# make_accounts BACKEND NAME: the accounts of the grants file, with its rights on that database.
make_accounts() {
    if [[ $1 == sqlite ]]; then
        return
    fi
    local one
    for one in "$account" "$reader"; do
        if [[ $1 == mariadb ]]; then
            sql mariadb mysql <<<"CREATE USER IF NOT EXISTS '$one'@'%'"
        elif [[ -z $(sql postgresql postgres <<<"SELECT 1 FROM pg_roles WHERE rolname = '$one'") ]]; then
            sql postgresql postgres <<<"CREATE ROLE $one LOGIN"
        fi
    done
    grant "$1" "$2" grants
}

# make_database BACKEND NAME: the newest schema with some garbage and some rows that must stay.
make_database() {
    make_schema "$1" "$2"
    sql "$1" "$2" <"$source_dir/tests/system/rows.sql"
}

# make_schema BACKEND NAME [SHAPE]: that schema of tests/fixtures, the newest if none is named, without rows.
make_schema() {
    databases+=("$1 $2")
    case $1 in
    mariadb) sql mariadb mysql <<<"CREATE DATABASE $2" ;;
    postgresql) sql postgresql postgres <<<"CREATE DATABASE $2" ;;
    esac
    "$source_dir/tests/fixtures/schema" "$1" "${3:-}" | sql "$1" "$2"
    make_accounts "$1" "$2"
}

drop_databases() {
    local entry
    for entry in ${databases[@]+"${databases[@]}"}; do
        case $entry in
        mariadb*) sql mariadb mysql <<<"DROP DATABASE IF EXISTS ${entry#* }" || true ;;
        postgresql*) sql postgresql postgres <<<"DROP DATABASE IF EXISTS ${entry#* } WITH (FORCE)" || true ;;
        esac
    done
    if [[ ${databases[*]} == *mariadb* ]]; then
        sql mariadb mysql <<<"DROP USER IF EXISTS '$account'@'%', '$reader'@'%'" || true
    fi
    if [[ ${databases[*]} == *postgresql* ]]; then
        sql postgresql postgres <<<"DROP ROLE IF EXISTS $account, $reader" 2>/dev/null || true
    fi
}

# count BACKEND NAME: how many rows the tables hold that the program removes from.
count() {
    sql "$1" "$2" <<'END' | paste -sd ' '
SELECT COUNT(*) FROM access_token;
SELECT COUNT(*) FROM token_scope;
SELECT COUNT(*) FROM refresh_token;
SELECT COUNT(*) FROM authentication_holder;
SELECT COUNT(*) FROM authentication_holder_scope;
SELECT COUNT(*) FROM saved_user_auth;
SELECT COUNT(*) FROM authorization_code;
END
}

# run ARGUMENT...: the program; sets $code, output in $work/out and $work/err.
run() {
    code=0
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
}

# finish: waits for the program whose pid is $started; sets $code.
finish() {
    code=0
    wait "$started" || code=$?
}

# eventually COMMAND...: until it succeeds, for $patience seconds at most (30).
eventually() {
    local deadline=$((SECONDS + ${patience:-30}))
    until "$@"; do
        if ((SECONDS >= deadline)); then
            return 1
        fi
        sleep 0.02
    done
}

# ends_on_sigterm: the same program, within two seconds.
ends_on_sigterm() {
    local before after
    before=$(date +%s%N)
    kill -TERM "$started"
    finish
    after=$(date +%s%N)
    [[ $code == 143 ]] && ((after - before < 2000000000))
}

# check SENTENCE COMMAND...: one test.
check() {
    local sentence=$1
    shift
    if "$@"; then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        failures=$((failures + 1))
        printf '  exit %s\n' "${code:-?}"
        sed 's/^/  out: /' "$work/out" | head -5 || true
        sed 's/^/  err: /' "$work/err" | head -5 || true
    fi
}

# One sentence: a single line of log at level error.
one_sentence() {
    [[ $(grep -c ' error ' "$work/err") == 1 ]]
}

# refused CODE WORDS: the exit code, one error line, and the words in it.
refused() {
    [[ $code == "$1" ]] && one_sentence && grep -qF -- "$2" "$work/err"
}
