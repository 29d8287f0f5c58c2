# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts of the benchmark share. A case is a shape (a MariaDB schema level V062 to V121, or iam or mitreid for
# PostgreSQL), with "-disk" behind it for a server that holds a quarter of the data in memory.
# Facts about the seeded data come from the environment: BENCH_BACKEND, BENCH_HOST, BENCH_CUTOFF, BENCH_SAFE_*, BENCH_LAST_*.

bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_dir=${ITGC_TEST_SOURCE_DIR:?start the benchmark with make bench}

backend_of() {
    case $1 in
    V*) echo mariadb ;;
    *) echo postgresql ;;
    esac
}

# sql [USER]: runs standard input and prints bare values.
sql() {
    if [[ $BENCH_BACKEND == mariadb ]]; then
        mariadb --no-defaults --socket="$BENCH_HOST" --user="${1:-root}" --batch --skip-column-names ${BENCH_DATABASE:+"$BENCH_DATABASE"}
    else
        psql --no-psqlrc --quiet --tuples-only --no-align --field-separator=$'\t' --set ON_ERROR_STOP=1 \
            --host="$BENCH_HOST" --username="${1:-root}" "${BENCH_DATABASE:-postgres}"
    fi
}

# url USER
url() {
    if [[ $BENCH_BACKEND == mariadb ]]; then
        echo "mysql://$1@localhost/iam?socket=$BENCH_HOST"
    else
        echo "postgresql:///iam?host=$BENCH_HOST&user=$1"
    fi
}

has_foreign_keys() {
    [[ $1 > V092 && $1 < V999 || $1 == iam ]]
}
