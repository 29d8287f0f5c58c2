// SPDX-License-Identifier: Apache-2.0
#include "support/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace test {

namespace {

// Columns that hold secrets are never read, not even made up ones.
constexpr std::array<std::string_view, 6> k_secrets{
    "token_value", "code", "device_code", "user_code", "client_secret", "ticket",
};

constexpr std::size_t k_rows_shown = 5;

bool is_secret(std::string_view column) {
    return std::find(k_secrets.begin(), k_secrets.end(), column) != k_secrets.end();
}

std::string shown(const TableContent& content, const db::Row& row) {
    std::string text;
    for (std::size_t index = 0; index < row.size(); ++index) {
        if (row[index]) {
            text += fmt::format("{}{}={}", text.empty() ? "" : " ", content.columns[index],
                                *row[index]);
        }
    }
    return text;
}

std::string described(std::string_view table, std::string_view what, const TableContent& content,
                      const db::Rows& rows) {
    if (rows.empty()) {
        return {};
    }
    std::string text = fmt::format("{}: {} rows {}\n", table, rows.size(), what);
    for (std::size_t index = 0; index < std::min(rows.size(), k_rows_shown); ++index) {
        text += fmt::format("    {}\n", shown(content, rows[index]));
    }
    return text;
}

db::Rows only_in(const db::Rows& left, const db::Rows& right) {
    db::Rows rows;
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(rows));
    return rows;
}

}  // namespace

TableContent read_content(db::Connection& connection, const Catalog& catalog,
                          std::string_view table, std::string_view source) {
    TableContent content;
    std::string list;
    const char quote = connection.dialect() == db::Dialect::mysql ? '`' : '"';
    for (const Catalog::Column& column : catalog.columns(table)) {
        if (!is_secret(column.name)) {
            content.columns.push_back(column.name);
            list += fmt::format("{}{}{}{}", list.empty() ? "" : ", ", quote, column.name, quote);
        }
    }
    content.rows = connection.query(fmt::format("SELECT {} FROM {}", list, source));
    std::sort(content.rows.begin(), content.rows.end());
    return content;
}

Snapshot take_snapshot(db::Connection& connection, const Catalog& catalog) {
    Snapshot snapshot;
    for (const std::string& table : catalog.tables()) {
        snapshot[table] = read_content(connection, catalog, table, catalog.spelling(table));
    }
    return snapshot;
}

void erase_rows(Snapshot& snapshot, std::string_view table, std::string_view column,
                const std::string& value) {
    TableContent& content = snapshot.at(std::string(table));
    const auto found = std::find(content.columns.begin(), content.columns.end(), column);
    const auto index = static_cast<std::size_t>(found - content.columns.begin());
    std::erase_if(content.rows, [&](const db::Row& row) { return row.at(index) == value; });
}

std::string losses(const Snapshot& expected, const Snapshot& actual) {
    std::string text;
    for (const auto& [table, content] : expected) {
        text += described(table, "are gone that should stay", content,
                          only_in(content.rows, actual.at(table).rows));
    }
    return text;
}

std::string leftovers(const Snapshot& expected, const Snapshot& actual) {
    std::string text;
    for (const auto& [table, content] : expected) {
        text += described(table, "stay that should be gone", content,
                          only_in(actual.at(table).rows, content.rows));
    }
    return text;
}

std::string difference(const Snapshot& expected, const Snapshot& actual) {
    return losses(expected, actual) + leftovers(expected, actual);
}

void empty_tables(db::Connection& connection, const Catalog& catalog) {
    std::string all;
    for (const std::string& table : catalog.tables()) {
        if (table != "schema_version") {
            all += fmt::format("{}{}", all.empty() ? "" : ", ", catalog.spelling(table));
        }
    }
    if (connection.dialect() == db::Dialect::postgresql) {
        connection.execute(fmt::format("TRUNCATE {}", all));
        return;
    }
    const bool mysql = connection.dialect() == db::Dialect::mysql;
    connection.execute(mysql ? "SET foreign_key_checks = 0" : "PRAGMA foreign_keys = OFF");
    connection.begin();
    for (const std::string& table : catalog.tables()) {
        if (table != "schema_version") {
            connection.execute(fmt::format("DELETE FROM {}", catalog.spelling(table)));
        }
    }
    connection.commit();
    connection.execute(mysql ? "SET foreign_key_checks = 1" : "PRAGMA foreign_keys = ON");
}

}  // namespace test
