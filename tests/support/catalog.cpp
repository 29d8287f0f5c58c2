// SPDX-License-Identifier: Apache-2.0
#include "support/catalog.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace test {

namespace {

// Three questions about a catalog: table, column and '1' for NULL; table and column of foreign
// keys; table and first column of indexes.
struct Questions {
    std::string_view columns;
    std::string_view foreign_keys;
    std::string_view indexes;
};

constexpr Questions k_mysql{
    "SELECT c.table_name, c.column_name, CASE c.is_nullable WHEN 'YES' THEN '1' ELSE '0' END "
    "FROM information_schema.columns c WHERE c.table_schema = DATABASE() "
    "ORDER BY c.table_name, c.ordinal_position",
    "SELECT table_name, column_name FROM information_schema.key_column_usage "
    "WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL",
    "SELECT table_name, column_name FROM information_schema.statistics "
    "WHERE table_schema = DATABASE() AND seq_in_index = 1",
};

constexpr Questions k_postgresql{
    "SELECT table_name, column_name, CASE is_nullable WHEN 'YES' THEN '1' ELSE '0' END "
    "FROM information_schema.columns WHERE table_schema = current_schema() "
    "ORDER BY table_name, ordinal_position",
    "SELECT t.relname, a.attname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid "
    "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] "
    "WHERE k.contype = 'f' AND t.relnamespace = current_schema()::regnamespace",
    "SELECT t.relname, a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
    "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] "
    "WHERE i.indpred IS NULL AND i.indisvalid AND t.relnamespace = current_schema()::regnamespace",
};

constexpr Questions k_sqlite{
    "SELECT m.name, c.name, CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN '1' ELSE '0' END "
    "FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' "
    "AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
    "SELECT m.name, k.\"from\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k "
    "WHERE m.type = 'table'",
    "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_index_list(m.name) i "
    "JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND i.partial = 0 AND c.seqno = 0 "
    "UNION SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
    "WHERE m.type = 'table' AND c.pk = 1",
};

const Questions& questions(db::Dialect dialect) {
    switch (dialect) {
    case db::Dialect::mysql:
        return k_mysql;
    case db::Dialect::postgresql:
        return k_postgresql;
    case db::Dialect::sqlite:
        return k_sqlite;
    }
    throw std::logic_error("no catalog questions for this dialect");
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return result;
}

}  // namespace

Catalog::Catalog(db::Connection& connection) {
    const Questions& ask = questions(connection.dialect());
    for (const db::Row& row : connection.query(ask.columns)) {
        const std::string table = lower(row[0].value());
        m_spelling[table] = row[0].value();
        m_columns[table].push_back({.name = lower(row[1].value()), .nullable = row[2] == "1"});
    }
    for (const db::Row& row : connection.query(ask.foreign_keys)) {
        m_foreign_keys.emplace(lower(row[0].value()), lower(row[1].value()));
    }
    for (const db::Row& row : connection.query(ask.indexes)) {
        if (row[1]) {
            m_indexes.emplace(lower(row[0].value()), lower(row[1].value()));
        }
    }
}

bool Catalog::has_table(std::string_view table) const {
    return m_columns.contains(lower(table));
}

bool Catalog::has_column(std::string_view table, std::string_view column) const {
    const std::vector<Column>& all = columns(table);
    return std::any_of(all.begin(), all.end(),
                       [name = lower(column)](const Column& each) { return each.name == name; });
}

bool Catalog::is_nullable(std::string_view table, std::string_view column) const {
    const std::vector<Column>& all = columns(table);
    return std::any_of(all.begin(), all.end(), [name = lower(column)](const Column& each) {
        return each.name == name && each.nullable;
    });
}

bool Catalog::has_foreign_key(std::string_view table, std::string_view column) const {
    return m_foreign_keys.contains({lower(table), lower(column)});
}

bool Catalog::has_index(std::string_view table, std::string_view column) const {
    return m_indexes.contains({lower(table), lower(column)});
}

const std::vector<Catalog::Column>& Catalog::columns(std::string_view table) const {
    static const std::vector<Column> none;
    const auto found = m_columns.find(lower(table));
    return found == m_columns.end() ? none : found->second;
}

const std::string& Catalog::spelling(std::string_view table) const {
    return m_spelling.at(lower(table));
}

std::vector<std::string> Catalog::tables() const {
    std::vector<std::string> names;
    names.reserve(m_columns.size());
    for (const auto& [name, columns] : m_columns) {
        names.push_back(name);
    }
    return names;
}

}  // namespace test
