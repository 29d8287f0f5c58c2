// SPDX-License-Identifier: Apache-2.0
#include "db/archive_rows.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace db {

namespace {

using Parts = std::vector<Part>;

Rows ask(Connection& connection, const Statement& statement, const Parts& parts,
         const std::vector<Value>& parameters = {}) {
    return connection.query(filled(statement.text(connection.dialect()), parts),
                            std::span<const Value>(parameters));
}

Parts with(Parts parts, std::string_view name, std::string text) {
    parts.push_back({name, std::move(text)});
    return parts;
}

std::string column_list(const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const std::string& column : columns) {
        names.push_back(plain_name(column));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

const gc::Schema& ArchiveRows::schema() {
    if (!m_schema) {
        m_schema = m_store.schema();
    }
    return *m_schema;
}

// The catalog's spelling, because MariaDB on Linux tells case apart.
std::string ArchiveRows::spelled(std::string_view table) {
    const gc::Table* const found = schema().find(table);
    return plain_name(found == nullptr ? table : std::string_view(found->name));
}

Parts ArchiveRows::parts_of(const RowSet& set) {
    return {{"table", spelled(set.table)},
            {"columns", set.columns.empty() ? std::string() : column_list(set.columns)},
            {"key", plain_name(set.key)}};
}

Rows ArchiveRows::by_ids(const RowSet& set, const std::vector<gc::Id>& ids) {
    return ids.empty() ? Rows{}
                       : ask(m_store.connection(), queries::archive::rows,
                             with(parts_of(set), "ids", id_list(ids)));
}

Rows ArchiveRows::by_keys(const RowSet& set, const std::vector<std::string>& keys) {
    return keys.empty() ? Rows{}
                        : ask(m_store.connection(), queries::archive::key_rows,
                              with(parts_of(set), "keys", placeholder_list(keys.size())),
                              {keys.begin(), keys.end()});
}

Rows ArchiveRows::users(const std::vector<gc::Id>& holders) {
    return holders.empty()
               ? Rows{}
               : ask(m_store.connection(), queries::archive::users, {{"ids", id_list(holders)}});
}

Rows ArchiveRows::clients_of_holders(const std::vector<gc::Id>& holders) {
    return holders.empty() || !schema().has_column("authentication_holder", "client_id")
               ? Rows{}
               : ask(m_store.connection(), queries::archive::clients_of_holders,
                     {{"ids", id_list(holders)}});
}

Rows ArchiveRows::clients(const std::vector<gc::Id>& ids) {
    return ids.empty()
               ? Rows{}
               : ask(m_store.connection(), queries::archive::clients, {{"ids", id_list(ids)}});
}

std::vector<gc::Id> ArchiveRows::existing(const RowSet& set, const std::vector<gc::Id>& ids) {
    std::vector<gc::Id> found;
    if (ids.empty()) {
        return found;
    }
    for (const Row& row : ask(m_store.connection(), queries::archive::existing,
                              with(parts_of(set), "ids", id_list(ids)))) {
        found.push_back(as_integer(row.at(0)));
    }
    return found;
}

std::vector<std::string> ArchiveRows::existing_keys(const RowSet& set,
                                                    const std::vector<std::string>& keys) {
    std::vector<std::string> found;
    if (keys.empty()) {
        return found;
    }
    for (const Row& row : ask(m_store.connection(), queries::archive::existing_keys,
                              with(parts_of(set), "keys", placeholder_list(keys.size())),
                              {keys.begin(), keys.end()})) {
        found.push_back(row.at(0).value_or(""));
    }
    return found;
}

void ArchiveRows::require_readable(const RowSet& set) {
    try {
        ask(m_store.connection(), queries::archive::probe, parts_of(set));
    } catch (const util::Error& error) {
        if (error.kind() != util::ErrorKind::permission) {
            throw;
        }
        throw util::Error(
            util::ErrorKind::permission,
            fmt::format("the archive needs a right that the account lacks; let an administrator "
                        "run GRANT SELECT ({}) ON {} TO this account, or leave archive.path empty",
                        column_list(set.columns), spelled(set.table)));
    }
}

void ArchiveRows::insert(const RowSet& set, const Rows& rows) {
    if (rows.empty()) {
        return;
    }
    const std::string one = fmt::format("({})", placeholder_list(set.columns.size()));
    std::vector<Value> values;
    for (const Row& row : rows) {
        for (const Cell& cell : row) {
            values.push_back(cell ? Value(*cell) : Value());
        }
    }
    const std::vector<std::string> lists(rows.size(), one);
    const std::string statement =
        filled(queries::archive::insert.text(m_store.connection().dialect()),
               with(parts_of(set), "rows", fmt::format("{}", fmt::join(lists, ", "))));
    m_store.connection().execute(statement, std::span<const Value>(values));
}

}  // namespace db
