// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/sql_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace db {

// Rows of one table: which columns, and the column by which they are asked for.
struct RowSet {
    std::string table{};
    std::vector<std::string> columns{};
    std::string key = "id";
};

// Reads whole rows by their keys, and writes them: what the archive needs of a database. Statements
// run in the store's session, so within its transaction. All throw util::Error.
class ArchiveRows {
public:
    // The store must outlive this object.
    explicit ArchiveRows(SqlStore& store) : m_store(store) {}

    const gc::Schema& schema();

    Rows by_ids(const RowSet& set, const std::vector<gc::Id>& ids);
    Rows by_keys(const RowSet& set, const std::vector<std::string>& keys);
    // Holder and the name of its user, for those holders that have one.
    Rows users(const std::vector<gc::Id>& holders);
    // Holder and the OAuth name of its client; none where the account may not read that.
    Rows clients_of_holders(const std::vector<gc::Id>& holders);
    // Client and its OAuth name.
    Rows clients(const std::vector<gc::Id>& ids);

    // Those of the keys that some row of the table has.
    std::vector<gc::Id> existing(const RowSet& set, const std::vector<gc::Id>& ids);
    std::vector<std::string> existing_keys(const RowSet& set, const std::vector<std::string>& keys);

    // Throws Error(permission) that names the GRANT when the account may not read these columns.
    void require_readable(const RowSet& set);

    // Writes rows, each with a value per column of the set; not more than 1000 values at once.
    void insert(const RowSet& set, const Rows& rows);

private:
    std::string spelled(std::string_view table);
    std::vector<Part> parts_of(const RowSet& set);

    SqlStore& m_store;
    std::optional<gc::Schema> m_schema{};
};

}  // namespace db
