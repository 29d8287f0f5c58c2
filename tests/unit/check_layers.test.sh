#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/check-layers: the sources keep to the layers, and the check would notice if they did not.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# verdict true|false SENTENCE
verdict() {
    if [[ $1 == true ]]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        failed=1
    fi
}

# check_with FILE LINE: checks a project of this one file, with LINE as its third line.
check_with() {
    rm -rf "$work/src"
    mkdir -p "$work/$(dirname "$1")"
    printf '%s\n' '#include <string>' '' "$2" >"$work/$1"
    "$top/tests/check-layers" "$work" >"$work/messages"
}

catches() {
    local found=false
    if ! check_with "$1" "$2" && grep -q "^$1:3: " "$work/messages"; then
        found=true
    fi
    verdict "$found" "$1 must not have $2"
}

accepts() {
    local accepted=false
    if check_with "$1" "$2"; then
        accepted=true
    fi
    verdict "$accepted" "$1 may have $2"
}

catches src/gc/policy.cpp '#include "db/connection.hpp"'
catches src/gc/policy.cpp '#include <db/connection.hpp>'
catches src/gc/policy.cpp '#  include "config/config.hpp"'
catches src/gc/policy.cpp '#include "../db/connection.hpp"'
catches src/util/time.hpp '#include "gc/target.hpp"'
catches src/db/sql_store.cpp '#include "gc/policy.hpp"'
catches src/db/sql_store.cpp '#include "report/report.hpp"'
catches src/cli/options.cpp '#include "db/connection.hpp"'
catches src/config/yaml.cpp '#include "cli/options.hpp"'
catches src/report/text.cpp '#include "db/connection.hpp"'
catches src/report/text.cpp '#include "command/context.hpp"'
catches src/main.cpp '#include <CLI/CLI.hpp>'
catches src/config/yaml.cpp '#include <CLI/CLI.hpp>'
catches src/cli/options.cpp '#include <yaml-cpp/yaml.h>'
catches src/db/sql_store.cpp '#include <pqxx/pqxx>'
catches src/db/postgresql.cpp '#include <mysql_driver.h>'
catches src/db/postgresql.cpp '#include <cppconn/exception.h>'
catches src/db/mysql.cpp '#include <SQLiteCpp/SQLiteCpp.h>'
catches src/db/mysql.cpp '#include <sqlite3.h>'
catches src/gc/collector.cpp '#include <spdlog/spdlog.h>'
catches src/gc/collector.cpp '#include <nlohmann/json.hpp>'

accepts src/main.cpp '#include "db/connection.hpp"'
accepts src/command/run.cpp '#include "db/connection.hpp"'
accepts src/gc/policy.cpp '#include "util/time.hpp"'
accepts src/gc/policy.cpp '#include "policy.hpp"'
accepts src/db/sql_store.cpp '#include "gc/store.hpp"'
accepts src/db/sql_store.cpp '#include "db/queries.hpp"'
accepts src/db/postgresql.cpp '#include <pqxx/pqxx>'
accepts src/db/mysql.cpp '#include <cppconn/exception.h>'
accepts src/db/sqlite.cpp '#include <SQLiteCpp/SQLiteCpp.h>'
accepts src/util/log.cpp '#include <spdlog/spdlog.h>'
accepts src/report/json.cpp '#include <nlohmann/json.hpp>'

unknown=false
if ! check_with src/helpers/all.cpp '' && grep -q 'belongs to no layer' "$work/messages"; then
    unknown=true
fi
verdict "$unknown" "a folder of src that is no layer is named"

clean=true
if ! "$top/tests/check-layers"; then
    clean=false
fi
verdict "$clean" "the sources keep to the layers"

exit "$failed"
