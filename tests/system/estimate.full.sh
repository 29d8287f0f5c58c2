#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# plan --estimate costs the same at any size: the rows that the servers read for it and the statements that they get are
# counted on a small database and on one that is ten times as large.
# alone: its figures are times
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

sim=${ITGC_TEST_SIM:?run these tests with make test-full}
# What an estimate may read more for other reasons: up to a bound, a table without an index; a catalog.
slack=3000
# Nobody issues tokens here.
export IAM_TOKEN_GC_CLOCK_IGNORE=true

# counters BACKEND NAME: rows read, and on MariaDB statements, since the server started.
counters() {
    if [[ $1 == mariadb ]]; then
        sql mariadb "$2" <<'END' | awk '/^H/ { rows += $2 } /^Q/ { all = $2 } END { print rows, all }'
SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Handler_read%' OR Variable_name = 'Questions';
END
    else
        sql postgresql "$2" <<'END' | tr '|' ' '
SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0 FROM pg_stat_user_tables;
END
    fi
}

# estimate BACKEND NAME: runs it; sets $rows and $statements to what that cost the server.
estimate() {
    local before after
    before=$(counters "$1" "$2")
    run plan --estimate --database-url "$(url "$1" "$2")"
    after=$(counters "$1" "$2")
    rows=$((${after% *} - ${before% *}))
    statements=$((${after#* } - ${before#* }))
}

fill() {
    make_schema "$1" "$2"
    "$sim" seed --database-url "$(admin_url "$1" "$2")" --tokens "$3" --garbage-share 0.9 --connections 2 >"$work/out"
    [[ $1 == mariadb ]] || sql postgresql "$2" <<<'ANALYZE'
}

for backend in mariadb postgresql; do
    fill "$backend" itgc_small 4000
    fill "$backend" itgc_large 40000
    estimate "$backend" itgc_small
    check "$backend: an estimate works on the small database" [ "$code" = 0 ]
    small_rows=$rows small_statements=$statements
    estimate "$backend" itgc_large
    check "$backend: an estimate works on the large database" [ "$code" = 0 ]
    echo "# $backend: rows read $small_rows and $rows, statements $small_statements and $statements"
    check "$backend: it reads no more rows of 40,000 tokens than of 4,000, but for $slack" \
        [ "$rows" -le "$((small_rows + slack))" ]
    [[ $backend == postgresql ]] || check "$backend: with as many statements" [ "$statements" = "$small_statements" ]
    check "$backend: and knows how many there are" grep -qE 'access_token +[1-9][0-9],[0-9]{3} ' "$work/out"
done
exit $((failures > 0))
