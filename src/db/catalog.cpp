// SPDX-License-Identifier: Apache-2.0
#include "db/catalog.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <string_view>

namespace db {

namespace {

constexpr std::string_view k_history_table = "schema_version";

// IAM numbers the migrations that only add data from here on; they say nothing about the schema.
constexpr std::int64_t k_first_data_migration = 100'000;

Rows ask(Connection& connection, const Statement& statement) {
    return connection.query(statement.text(connection.dialect()));
}

std::string cell(const Row& row, std::size_t index) {
    return row.at(index).value_or("");
}

// "123.1" -> {123, 1}; what is no number counts as 0.
std::vector<std::int64_t> numbers(std::string_view version) {
    std::vector<std::int64_t> result;
    do {
        const std::string_view part = version.substr(0, version.find('.'));
        std::int64_t number = 0;
        std::from_chars(part.data(), part.data() + part.size(), number);
        result.push_back(number);
        version.remove_prefix(std::min(version.size(), part.size() + 1));
    } while (!version.empty());
    return result;
}

void read_tables(Connection& connection, gc::Schema& schema) {
    for (const Row& row : ask(connection, queries::catalog::tables)) {
        schema.tables[gc::lower_name(cell(row, 0))] = {.name = cell(row, 0),
                                                       .engine = cell(row, 1)};
    }
    for (const Row& row : ask(connection, queries::catalog::columns)) {
        const auto table = schema.tables.find(gc::lower_name(cell(row, 0)));
        if (table != schema.tables.end()) {  // a view has columns, too
            table->second.columns.push_back(gc::lower_name(cell(row, 1)));
        }
    }
    for (const LeadingIndex& index : read_leading_indexes(connection)) {
        const auto table = schema.tables.find(index.table);
        if (table != schema.tables.end()) {
            table->second.indexed.push_back(index.column);
        }
    }
}

void read_foreign_keys(Connection& connection, gc::Schema& schema) {
    for (const Row& row : ask(connection, queries::catalog::foreign_keys)) {
        schema.foreign_keys.push_back({.name = gc::lower_name(cell(row, 0)),
                                       .table = gc::lower_name(cell(row, 1)),
                                       .column = gc::lower_name(cell(row, 2)),
                                       .referenced_table = gc::lower_name(cell(row, 3)),
                                       .delete_rule = cell(row, 4)});
    }
}

std::string read_level(Connection& connection, const gc::Schema& schema) {
    if (schema.find(k_history_table) == nullptr) {
        return "no history table (MITREid Connect)";
    }
    if (!schema.has_column(k_history_table, "version") ||
        !schema.has_column(k_history_table, "success")) {
        return "a history table of unknown shape";
    }
    try {
        std::vector<std::string> versions;
        for (const Row& row : ask(connection, queries::catalog::history)) {
            versions.push_back(cell(row, 0));
        }
        return highest_level(versions);
    } catch (const util::Error& error) {
        if (error.kind() != util::ErrorKind::permission) {
            throw;
        }
        return "unknown, the account may not read schema_version";
    }
}

}  // namespace

std::string highest_level(const std::vector<std::string>& versions) {
    std::string highest;
    for (const std::string& version : versions) {
        const std::vector<std::int64_t> number = numbers(version);
        if (number.front() < k_first_data_migration &&
            (highest.empty() || numbers(highest) < number)) {
            highest = version;
        }
    }
    return highest.empty() ? "no migration in schema_version" : "V" + highest;
}

bool is_modern_mysql(const Connection& connection) {
    if (connection.dialect() != Dialect::mysql) {
        return false;
    }
    const std::string server = connection.server();
    const std::size_t blank = server.find(' ');
    const std::vector<std::int64_t> version =
        numbers(std::string_view(server).substr(std::min(server.size(), blank + 1)));
    const std::vector<std::int64_t> needed =
        connection.is_mariadb() ? std::vector<std::int64_t>{10, 6} : std::vector<std::int64_t>{8};
    return version >= needed;
}

std::vector<LeadingIndex> read_leading_indexes(Connection& connection) {
    const Statement& by_flavour = connection.is_mariadb() ? queries::catalog::indexes_of_mariadb
                                                          : queries::catalog::indexes_of_mysql;
    std::vector<LeadingIndex> indexes;
    for (const Row& row :
         ask(connection, is_modern_mysql(connection) ? by_flavour : queries::catalog::indexes)) {
        indexes.push_back({.table = gc::lower_name(cell(row, 0)),
                           .column = gc::lower_name(cell(row, 1)),
                           .name = cell(row, 2)});
    }
    return indexes;
}

gc::Schema read_schema(Connection& connection) {
    gc::Schema schema{.server = connection.server()};
    schema.database = cell(ask(connection, queries::catalog::database).at(0), 0);
    read_tables(connection, schema);
    read_foreign_keys(connection, schema);
    schema.level = read_level(connection, schema);
    return schema;
}

}  // namespace db
