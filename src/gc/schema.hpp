// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gc {

struct ForeignKey {
    std::string name{};
    std::string table{};  // the table that refers
    std::string column{};
    std::string referenced_table{};
    std::string delete_rule{};  // "CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT"
};

struct Table {
    std::string name{};                  // as spelled in the database, compared in lower case
    std::string engine{};                // MySQL's storage engine, empty elsewhere
    std::vector<std::string> columns{};  // lower case
    std::vector<std::string>
        indexed{};  // columns that lead a usable (not partial) index, lower case
};

// The name as Schema keeps and compares it; ASCII only, as every name this program asks for is.
std::string lower_name(std::string_view name);

// What this database really has: the catalog, as the planner reads it.
struct Schema {
    std::string server{};                    // "MariaDB 10.11.6"
    std::string database{};                  // name, or the file of SQLite
    std::string level{};                     // "V108", or "no history table (MITREid Connect)"
    std::map<std::string, Table> tables{};   // by lower-case name
    std::vector<ForeignKey> foreign_keys{};  // names in lower case

    const Table* find(std::string_view table) const;
    bool has_column(std::string_view table, std::string_view column) const;
    // True when some usable index of the table has this column first.
    bool has_index(std::string_view table, std::string_view column) const;
    bool has_foreign_key(std::string_view table, std::string_view column) const;
    // True when rows of the table go with the row of `referenced_table` that the column points to.
    bool cascades(std::string_view table, std::string_view column,
                  std::string_view referenced_table) const;
};

}  // namespace gc
