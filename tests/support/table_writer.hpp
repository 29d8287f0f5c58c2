// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/policy.hpp"
#include "support/catalog.hpp"

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// NULL or the id.
db::Value optional_id(std::optional<gc::Id> id);
// NULL or the moment as text.
db::Value optional_time(std::optional<util::TimePoint> time);
// A boolean as every dialect takes it.
db::Value flag(bool value);

// Rows for many tables, kept until flush() writes them with few statements in an order that foreign
// keys accept. Ids are given out here, above those that the database has.
class TableWriter {
public:
    using Fields = std::initializer_list<std::pair<std::string_view, db::Value>>;

    // Both must outlive the writer.
    TableWriter(db::Connection& connection, const Catalog& catalog);

    const Catalog& catalog() const { return m_catalog; }
    db::Dialect dialect() const { return m_connection.dialect(); }

    // The next free id of a table.
    gc::Id next_id(std::string_view table);
    // Keeps a row. What the database has no column for is left out, a row of a table that it does
    // not have is dropped. All rows of a table must come with the same fields in the same order.
    void add(std::string_view table, Fields fields);
    // Writes what was kept, in one transaction.
    void flush();

private:
    struct Pending {
        std::string columns{};
        std::vector<std::string> rows{};  // each "(1, 'text', NULL)"
    };

    void write(const std::string& table, const Pending& pending);
    void write_all();

    db::Connection& m_connection;
    const Catalog& m_catalog;
    std::map<std::string, gc::Id> m_last_ids{};
    std::map<std::string, Pending> m_pending{};
};

}  // namespace test
