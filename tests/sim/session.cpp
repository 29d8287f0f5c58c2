// SPDX-License-Identifier: Apache-2.0
#include "sim/session.hpp"

#include "util/time.hpp"

#include <fmt/format.h>

#include <chrono>

namespace sim {

namespace {

db::SessionOptions options() {
    return {.lock_wait_ms = 50'000, .application_name = "iam-sim"};
}

std::string tagged(std::string_view tag, std::string_view sql) {
    return fmt::format("/* iam-sim {} */ {}", tag, sql);
}

}  // namespace

Session::Session(const db::Address& address) : m_address(address) {
    reopen();
    m_traits = {.has_token_hash = has_column("access_token", "token_value_hash"),
                .has_user_auth_info = has_column("saved_user_auth_info", "owner_id"),
                .has_accounts = has_column("iam_account", "username")};
}

void Session::reopen() {
    m_connection = db::connect(m_address, options());
    set_up();
}

void Session::set_up() {
    switch (dialect()) {
    case db::Dialect::mysql:
        // The collector's session differs from the server's defaults in more than the level.
        execute("session",
                "SET SESSION optimizer_switch = DEFAULT, sql_mode = DEFAULT, lock_wait_timeout = "
                "DEFAULT, innodb_lock_wait_timeout = 50");
        if (m_connection->is_mariadb()) {
            execute("session", "SET SESSION in_predicate_conversion_threshold = DEFAULT");
        }
        execute("session", "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        break;
    case db::Dialect::postgresql:
        execute("session", "SET lock_timeout = 0");
        execute("session", "SET statement_timeout = 0");
        execute("session", "SET idle_in_transaction_session_timeout = 0");
        break;
    case db::Dialect::sqlite:
        // One writer at a time is slow enough; the figures are about servers.
        execute("session", "PRAGMA synchronous = OFF");
        break;
    }
}

db::Rows Session::query(std::string_view tag, std::string_view sql) {
    return m_connection->query(tagged(tag, sql));
}

std::int64_t Session::execute(std::string_view tag, std::string_view sql) {
    return m_connection->execute(tagged(tag, sql));
}

Id Session::insert(std::string_view tag, std::string_view sql) {
    execute(tag, sql);
    switch (dialect()) {
    case db::Dialect::mysql:
        return db::as_integer(query("last_id", "SELECT LAST_INSERT_ID()").at(0).at(0));
    case db::Dialect::postgresql:
        return db::as_integer(query("last_id", "SELECT lastval()").at(0).at(0));
    case db::Dialect::sqlite:
        return db::as_integer(query("last_id", "SELECT last_insert_rowid()").at(0).at(0));
    }
    throw std::logic_error("a dialect without a last id");
}

void Session::commit() {
    try {
        m_connection->commit();
    } catch (const util::Error& error) {
        if (error.kind() == util::ErrorKind::connection) {
            throw OutcomeUnknown(error.kind(), error.what());
        }
        throw;
    }
}

Seconds Session::now() {
    std::string_view sql = "SELECT UTC_TIMESTAMP()";
    if (dialect() == db::Dialect::postgresql) {
        sql = "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')";
    } else if (dialect() == db::Dialect::sqlite) {
        sql = "SELECT datetime('now')";
    }
    const auto moment = util::parse_time(query("now", sql).at(0).at(0).value());
    return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

bool Session::has_column(std::string_view table, std::string_view column) {
    std::string_view where = "table_schema = DATABASE() AND";
    if (dialect() == db::Dialect::postgresql) {
        where = "table_schema = current_schema() AND";
    } else if (dialect() == db::Dialect::sqlite) {
        return !query("columns",
                      fmt::format("SELECT name FROM pragma_table_info('{}') WHERE lower(name) = "
                                  "'{}'",
                                  table, column))
                    .empty();
    }
    return !query("columns",
                  fmt::format("SELECT column_name FROM information_schema.columns WHERE {} "
                              "lower(table_name) = '{}' AND lower(column_name) = '{}'",
                              where, table, column))
                .empty();
}

void Session::analyse(const std::vector<std::string>& tables) {
    for (const std::string& table : tables) {
        switch (dialect()) {
        case db::Dialect::mysql:
            query("analyse", "ANALYZE TABLE " + table);
            break;
        case db::Dialect::postgresql:
            execute("analyse", "VACUUM ANALYZE " + table);
            break;
        case db::Dialect::sqlite:
            execute("analyse", "ANALYZE " + table);
            break;
        }
    }
}

}  // namespace sim
