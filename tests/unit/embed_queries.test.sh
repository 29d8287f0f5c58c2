#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# src/db/embed_queries.awk: how the files of sql/queries become constants.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
script=$top/src/db/embed_queries.awk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p sql/queries
# shellcheck source-path=SCRIPTDIR source=verdict.sh
. "$top/tests/unit/verdict.sh"

new_case() {
    rm -f sql/queries/*
}

# embed [AWK...]: writes output and errors; its status is that of awk.
embed() {
    local awk=("$@")
    if ((${#awk[@]} == 0)); then
        awk=(awk)
    fi
    LC_ALL=C "${awk[@]}" -f "$script" sql/queries/*.sql >output 2>errors
}

# text NAME DIALECT: what the generated header holds for a statement, in a dialect.
text() {
    local line
    case $2 in mysql) line=1 ;; postgresql) line=2 ;; sqlite) line=3 ;; esac
    awk -v name="Statement $1{" -v line="$line" '
        index($0, name) { at = NR }
        at && NR == at + line { sub(/^ *R"__SQL\(/, ""); sub(/\)__SQL".*/, ""); print }' output
}

set +e

new_case
cat >sql/queries/token.sql <<'SQL'
-- What this file is for.

-- name: scan
-- Purpose: candidates; a ; in a comment does not matter.
SELECT  id,   -- the key
        expiration
FROM token
WHERE id > ?  ;

-- name: remove
DELETE FROM token WHERE id = ?
SQL
embed
verdict "a portable file is accepted"
for dialect in mysql postgresql sqlite; do
    [[ $(text scan "$dialect") == '/* iam-token-gc token.scan */ SELECT id, expiration FROM token WHERE id > ?' ]]
    verdict "$dialect gets the portable text, on one line, tagged, without comments and semicolon"
done
grep -q '^    &token::remove,$' output && grep -q 'array<const db::Statement\*, 2> all' output
verdict "every statement is in the list of all statements"

cat >sql/queries/token.mysql.sql <<'SQL'
-- name: remove
DELETE t FROM token t WHERE t.id = ?;
SQL
embed
[[ $(text remove mysql) == *'DELETE t FROM token t WHERE t.id = ?' && $(text remove sqlite) == *'DELETE FROM token WHERE id = ?' ]]
verdict "a dialect file goes before the portable text, for its dialect alone"

printf '%s\n' '-- name: lock' 'SELECT 1' >sql/queries/token.postgresql.sql
! embed && grep -qxF 'sql/queries/token: statement lock has no text for mysql' errors &&
    grep -qxF 'sql/queries/token: statement lock has no text for sqlite' errors
verdict "a statement without text for a dialect stops the build and is named"

printf '%s\n' '-- name: lock' '-- only: postgresql' 'SELECT 1' >sql/queries/token.postgresql.sql
embed && grep -A3 'Statement lock{' output | grep -qx '    {},'
verdict "a dialect that -- only: leaves out gets an empty text"

printf '%s\n' '-- name: lock' '-- only: postgresql' 'SELECT 1' >sql/queries/token.mysql.sql
! embed && grep -q 'statement lock has text for mysql, which its -- only: leaves out' errors
verdict "text for a dialect that -- only: leaves out stops the build"

printf '%s\n' '-- name: lock' '-- only: oracle' 'SELECT 1' >sql/queries/token.mysql.sql
! embed && grep -q '"oracle" is no dialect' errors
verdict "an unknown dialect in -- only: stops the build"

new_case
printf '%s\n' '-- name: scan' 'SELECT 1' '-- name: scan' 'SELECT 2' >sql/queries/token.sql
! embed && grep -qxF 'sql/queries/token.sql:3: statement scan is defined twice' errors
verdict "a name that is used twice in a file stops the build, with file and line"

new_case
printf '%s\n' '-- name: scan' 'SELECT 1; DELETE FROM token' >sql/queries/token.sql
! embed && grep -q ':2: a second statement behind the semicolon' errors
verdict "a second statement under one name stops the build"

new_case
printf '%s\n' '-- name: scan' '-- Only words.' '-- name: remove' 'DELETE FROM token' >sql/queries/token.sql
! embed && grep -q ':1: the statement is empty' errors
verdict "a name without a statement stops the build"

new_case
printf '%s\n' '-- name: scan' "SELECT 'open" >sql/queries/token.sql
! embed && grep -q "a ' is opened and not closed" errors
verdict "a quote that is not closed stops the build"

new_case
printf '%s\n' 'SELECT 1' >sql/queries/token.sql
! embed && grep -q ':1: text before the first -- name:' errors
verdict "text without a name stops the build"

new_case
printf '%s\n' '-- name: scan' 'SELECT 1' >sql/queries/token.oracle.sql
! embed && grep -q 'the name must be' errors
verdict "a file for an unknown dialect stops the build"

new_case
printf '%s\n' '-- name: scan' 'SELECT {runs} FROM {t}' >sql/queries/token.sql
printf '%s\n' '-- fragment: runs' 'a,  b;' >sql/queries/zone.postgresql.sql
embed
[[ $(text scan postgresql) == *'SELECT a, b FROM {t}' && $(text scan mysql) == *'SELECT {runs} FROM {t}' ]] &&
    ! grep -q zone output
verdict "a fragment stands for its name in the statements of its dialect, and is no statement"

printf '%s\n' '-- fragment: runs' "a & b" >sql/queries/zone.postgresql.sql
! embed && grep -qF 'a fragment must not hold &' errors
verdict "a fragment with a character that would not stay as it is stops the build"

new_case
cat >sql/queries/token.sql <<'SQL'
-- name: scan
SELECT 'two  blanks -- and; no comment', "a  ""b", /* it's  one */ ? -- it's another
FROM t;
SQL
embed
[[ $(text scan sqlite) == *"SELECT 'two  blanks -- and; no comment', \"a  \"\"b\", /* it's one */ ? FROM t" ]]
verdict "what is inside quotes stays as it is"

cat >sql/queries/naïve.mysql.sql <<'SQL'
-- name: scan
SELECT 1
SQL
! embed && grep -q 've.mysql.sql: the name must be' errors
verdict "a file name that is no C++ name stops the build"
rm sql/queries/naïve.mysql.sql

# The same bytes from every awk, on the real statements too when there are some.
cat >sql/queries/other.sql <<'SQL'
-- name: umlaut
SELECT 'ä  €
   second line' WHERE a = ?;
SQL
cp "$top"/sql/queries/*.sql sql/queries/ 2>/dev/null
embed
cp output expected
for awk in mawk gawk 'gawk --posix'; do
    sentence="the output is the same under $awk"
    if ! command -v "${awk%% *}" >/dev/null; then
        echo "skip - $sentence: ${awk%% *} is not installed"
        continue
    fi
    # shellcheck disable=SC2086  # the words of $awk are program and option
    embed $awk && cmp -s output expected
    verdict "$sentence"
done

exit "$failed"
