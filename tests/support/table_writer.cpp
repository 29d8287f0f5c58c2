// SPDX-License-Identifier: Apache-2.0
#include "support/table_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace test {

namespace {

// Tables that others refer to, parents first; the order of the rest does not matter.
constexpr std::array<std::string_view, 9> k_parents{
    "client_details", "saved_user_auth", "permission",     "authentication_holder", "refresh_token",
    "access_token",   "approved_site",   "spring_session", "device_code",
};

// Long enough to be fast, short enough for any packet limit.
constexpr std::size_t k_rows_per_statement = 1000;

std::string literal(const db::Value& value, db::Dialect dialect) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*integer);
    }
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr) {
        return "NULL";
    }
    std::string quoted = "'";
    for (const char letter : *text) {
        if (letter == '\'' || (letter == '\\' && dialect == db::Dialect::mysql)) {
            quoted += letter;
        }
        quoted += letter;
    }
    return quoted + "'";
}

}  // namespace

db::Value optional_id(std::optional<gc::Id> id) {
    return id ? db::Value(*id) : db::Value();
}

db::Value optional_time(std::optional<util::TimePoint> time) {
    return time ? db::Value(util::format_time(*time)) : db::Value();
}

db::Value flag(bool value) {
    return std::string(value ? "1" : "0");
}

TableWriter::TableWriter(db::Connection& connection, const Catalog& catalog)
    : m_connection(connection), m_catalog(catalog) {}

gc::Id TableWriter::next_id(std::string_view table) {
    const auto [found, is_new] = m_last_ids.try_emplace(std::string(table), 0);
    if (is_new && m_catalog.has_table(table)) {
        const db::Rows rows = m_connection.query(fmt::format("SELECT MAX(id) FROM {}", table));
        found->second = db::as_optional_integer(rows.at(0).at(0)).value_or(0);
    }
    return ++found->second;
}

void TableWriter::add(std::string_view table, Fields fields) {
    if (!m_catalog.has_table(table)) {
        return;
    }
    std::string columns;
    std::string row;
    for (const auto& [column, value] : fields) {
        if (m_catalog.has_column(table, column)) {
            columns += fmt::format("{}{}", columns.empty() ? "" : ", ", column);
            row += fmt::format("{}{}", row.empty() ? "(" : ", ", literal(value, dialect()));
        }
    }
    Pending& pending = m_pending[std::string(table)];
    if (pending.rows.empty()) {
        pending.columns = columns;
    }
    if (pending.columns != columns) {
        throw std::logic_error(fmt::format("rows of {} with different fields: {}; {}", table,
                                           pending.columns, columns));
    }
    pending.rows.push_back(row + ")");
}

void TableWriter::write(const std::string& table, const Pending& pending) {
    for (std::size_t first = 0; first < pending.rows.size(); first += k_rows_per_statement) {
        const std::size_t last = std::min(first + k_rows_per_statement, pending.rows.size());
        std::string statement =
            fmt::format("INSERT INTO {} ({}) VALUES ", m_catalog.spelling(table), pending.columns);
        for (std::size_t index = first; index < last; ++index) {
            statement += index == first ? "" : ",";
            statement += pending.rows[index];
        }
        m_connection.execute(statement);
    }
    // An explicit id does not move PostgreSQL's sequence, and somebody may want to add rows later.
    if (dialect() == db::Dialect::postgresql && m_last_ids.contains(table)) {
        m_connection.query(fmt::format(
            "SELECT setval(pg_get_serial_sequence('{}', 'id'), (SELECT MAX(id) FROM {}))", table,
            table));
    }
}

void TableWriter::write_all() {
    for (const std::string_view parent : k_parents) {
        const auto found = m_pending.find(std::string(parent));
        if (found != m_pending.end()) {
            write(found->first, found->second);
            m_pending.erase(found);
        }
    }
    for (const auto& [table, pending] : m_pending) {
        write(table, pending);
    }
    m_pending.clear();
}

void TableWriter::flush() {
    m_connection.begin();
    try {
        write_all();
        m_connection.commit();
    } catch (...) {
        m_connection.rollback();
        throw;
    }
}

}  // namespace test
