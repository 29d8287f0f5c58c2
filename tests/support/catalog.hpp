// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// What a database really has, asked with statements of the tests' own, so that what the program
// believes about a database can be judged by it. Names are compared in lower case.
class Catalog {
public:
    struct Column {
        std::string name{};
        bool nullable = true;
    };

    // Reads the current database of the connection.
    explicit Catalog(db::Connection& connection);

    bool has_table(std::string_view table) const;
    bool has_column(std::string_view table, std::string_view column) const;
    // False as well when there is no such column.
    bool is_nullable(std::string_view table, std::string_view column) const;
    bool has_foreign_key(std::string_view table, std::string_view column) const;
    // True when an index over all rows has this column first.
    bool has_index(std::string_view table, std::string_view column) const;

    // The columns in the order of the table; empty when there is no such table.
    const std::vector<Column>& columns(std::string_view table) const;
    // The name as the database spells it.
    const std::string& spelling(std::string_view table) const;
    // Lower-case names of all tables.
    std::vector<std::string> tables() const;

private:
    using Pairs = std::set<std::pair<std::string, std::string>>;

    std::map<std::string, std::vector<Column>> m_columns{};
    std::map<std::string, std::string> m_spelling{};
    Pairs m_foreign_keys{};
    Pairs m_indexes{};
};

}  // namespace test
