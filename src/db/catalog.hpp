// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/schema.hpp"

#include <string>
#include <vector>

namespace db {

// Reads the tables, columns, usable indexes and foreign keys of the current schema, and the level
// from the history table of the migrations (iam-database.md, "Schema levels that matter"). Foreign
// keys come from tables this program does not know, too. MySQL shows only what the account has a
// right on. Throws util::Error.
gc::Schema read_schema(Connection& connection);

// A usable index (complete, visible, of all rows) and the column that leads it, in lower case; an
// empty name for SQLite's own key.
struct LeadingIndex {
    std::string table{};
    std::string column{};
    std::string name{};
};

std::vector<LeadingIndex> read_leading_indexes(Connection& connection);

// True from MySQL 8 and MariaDB 10.6 on, which can leave out locked rows and ignore indexes
// (chunked-deletion.md 2.1); false for other dialects.
bool is_modern_mysql(const Connection& connection);

// "V108" for the highest of these versions, compared number by number; "no migration in
// schema_version" without one.
std::string highest_level(const std::vector<std::string>& versions);

}  // namespace db
