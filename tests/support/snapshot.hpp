// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "support/catalog.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// The rows of a table, sorted, without the columns that hold secrets.
struct TableContent {
    std::vector<std::string> columns{};
    db::Rows rows{};
};

// Tables by lower-case name.
using Snapshot = std::map<std::string, TableContent>;

// Reads one table; `source` is where its rows are, the table itself or a copy of it.
TableContent read_content(db::Connection& connection, const Catalog& catalog,
                          std::string_view table, std::string_view source);

// Reads every table of the catalog.
Snapshot take_snapshot(db::Connection& connection, const Catalog& catalog);

// Takes out the rows that have this value in this column.
void erase_rows(Snapshot& snapshot, std::string_view table, std::string_view column,
                const std::string& value);

// Empty when every expected row is there, else the first ones that are not, table by table.
std::string losses(const Snapshot& expected, const Snapshot& actual);
// Empty when no other rows are there than the expected ones.
std::string leftovers(const Snapshot& expected, const Snapshot& actual);
// Empty when both are equal.
std::string difference(const Snapshot& expected, const Snapshot& actual);

// Removes every row of every table but the history of migrations, whatever foreign keys say.
void empty_tables(db::Connection& connection, const Catalog& catalog);

}  // namespace test
