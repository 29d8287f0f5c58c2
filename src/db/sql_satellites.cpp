// SPDX-License-Identifier: Apache-2.0
// How SqlStore handles satellites, with and without an owner.
#include "db/queries.hpp"
#include "db/sql_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace db {

namespace {

// Rows a scan looks at for each ownerless owner it may return.
constexpr std::int64_t k_looked_at_per_owner = 10;

const Statement& removal(bool by_index) {
    return by_index ? queries::satellite::remove : queries::satellite::remove_by_scan;
}

const Statement& ownerless_removal(bool by_index) {
    return by_index ? queries::satellite::remove_ownerless
                    : queries::satellite::remove_ownerless_by_scan;
}

}  // namespace

bool SqlStore::goes_by_index(const gc::Satellite& satellite) {
    return connection().dialect() == Dialect::sqlite ||
           known_schema().has_index(satellite.table, satellite.owner_column);
}

SqlStore::Parts SqlStore::satellite_parts(const gc::Satellite& satellite, Parts owners) {
    owners.insert(owners.end(), {{"table", std::string(satellite.table)},
                                 {"owner", std::string(satellite.owner_column)},
                                 {"parent", std::string(satellite.owner_table)},
                                 {"parent_key", std::string(satellite.owner_key)}});
    return owners;
}

std::int64_t SqlStore::remove_satellites(const gc::Satellite& satellite,
                                         const std::vector<gc::Id>& owners) {
    if (owners.empty()) {
        return 0;
    }
    // Until this has gone well: what fails is tried again one by one.
    if (connection().likes_ranges() && m_dense.erase(satellite.table) == 0) {
        return remove_few_satellites(satellite, owners);
    }
    const std::int64_t removed = execute(removal(goes_by_index(satellite)),
                                         satellite_parts(satellite, listed(owners, false)));
    if (removed >= std::ssize(owners)) {
        m_dense.insert(satellite.table);
    }
    return removed;
}

// A range that ends in an owner without rows would run into the row behind it, which belongs to
// somebody else, and keep it locked until the COMMIT. So owners that have rows are looked for
// first, without locks, and said one by one; ranges are for tables where they all have some. Nobody
// gives satellites to what is being removed: a holder is locked, and where foreign keys do not see
// to that, what comes late is ownerless and goes by itself.
std::int64_t SqlStore::remove_few_satellites(const gc::Satellite& satellite,
                                             const std::vector<gc::Id>& owners) {
    std::vector<gc::Id> found;
    for (const Row& row :
         query(queries::satellite::owners, satellite_parts(satellite, listed(owners, false)))) {
        found.push_back(as_integer(row.at(0)));
    }
    if (found.size() == owners.size()) {
        m_dense.insert(satellite.table);
    }
    if (found.empty()) {
        return 0;
    }
    return execute(removal(goes_by_index(satellite)),
                   satellite_parts(satellite, id_parts(found, false)));
}

std::int64_t SqlStore::count_satellites(const gc::Satellite& satellite,
                                        const std::vector<gc::Id>& owners) {
    if (owners.empty()) {
        return 0;
    }
    const bool by_scan = connection().dialect() == Dialect::postgresql && !goes_by_index(satellite);
    const Statement& statement =
        by_scan ? queries::satellite::count_by_scan : queries::satellite::count;
    return as_integer(
        query(statement, satellite_parts(satellite, listed(owners, false))).at(0).at(0));
}

// On PostgreSQL a slice can be told only with the right to read ctid (grants.postgresql.sql); an
// account without it removes the satellites of such an owner at once.
std::int64_t SqlStore::drain_satellites(const gc::Satellite& satellite, gc::Id owner,
                                        std::int64_t limit) {
    const Parts parts = satellite_parts(satellite, {});
    if (connection().dialect() == Dialect::postgresql &&
        query(queries::satellite::may_drain, parts).at(0).at(0) != "t") {
        return remove_satellites(satellite, {owner});
    }
    return execute(queries::satellite::drain, parts, {owner, limit});
}

// One round trip for all the tables, and the ids are said once where they are bound.
Rows SqlStore::query_branches(const std::vector<Branch>& branches, Parts common,
                              Parameters parameters) {
    std::string all;
    for (const auto& [satellite, statement] : branches) {
        all += statement->text(connection().dialect());
    }
    bind_arrays(all, common, parameters);
    std::vector<std::string> texts;
    for (const auto& [satellite, statement] : branches) {
        Parts parts = satellite_parts(*satellite, common);
        parts.push_back({"number", std::to_string(texts.size())});
        texts.push_back(filled(statement->text(connection().dialect()), parts));
    }
    return connection().query(fmt::format("{}", fmt::join(texts, "\nUNION ALL\n")),
                              std::span<const Value>(parameters));
}

std::vector<gc::HeavyOwner> SqlStore::heavy_owners(const std::vector<gc::Satellite>& satellites,
                                                   const std::vector<gc::Id>& owners,
                                                   std::int64_t rows) {
    std::vector<gc::HeavyOwner> heavy;
    if (owners.empty() || satellites.empty()) {
        return heavy;
    }
    std::vector<Branch> branches;
    branches.reserve(satellites.size());
    for (const gc::Satellite& satellite : satellites) {
        branches.emplace_back(&satellite, &queries::satellite::heavy);
    }
    for (const Row& row :
         query_branches(branches, listed(owners, false), Parameters(branches.size(), rows))) {
        heavy.push_back({.satellite = static_cast<std::size_t>(as_integer(row.at(0))),
                         .id = as_integer(row.at(1)),
                         .rows = as_integer(row.at(2))});
    }
    std::ranges::sort(heavy, {}, [](const gc::HeavyOwner& owner) {
        return std::pair(owner.satellite, owner.id);
    });
    return heavy;
}

std::vector<std::int64_t> SqlStore::satellite_rows(const std::vector<gc::Satellite>& satellites,
                                                   const std::vector<gc::Id>& owners,
                                                   std::int64_t most) {
    std::vector<std::int64_t> rows(satellites.size());
    if (owners.empty() || satellites.empty()) {
        return rows;
    }
    const bool postgresql = connection().dialect() == Dialect::postgresql;
    std::vector<Branch> branches;
    branches.reserve(satellites.size());
    for (const gc::Satellite& satellite : satellites) {
        branches.emplace_back(&satellite, postgresql && !goes_by_index(satellite)
                                              ? &queries::satellite::rows_by_scan
                                              : &queries::satellite::rows);
    }
    Parts common = listed(owners, false);
    common.push_back({"limit", std::to_string(most)});
    for (const Row& row : query_branches(branches, common, {})) {
        rows.at(static_cast<std::size_t>(as_integer(row.at(0)))) = as_integer(row.at(1));
    }
    return rows;
}

bool SqlStore::cascades(const gc::Satellite& satellite) {
    return connection().dialect() == Dialect::mysql &&
           known_schema().cascades(satellite.table, satellite.owner_column, satellite.owner_table);
}

gc::ScanResult SqlStore::scan_ownerless(const gc::Satellite& satellite, const gc::Cursor& after,
                                        std::int64_t limit) {
    const gc::Id from = after.started ? after.id : std::numeric_limits<gc::Id>::min();
    const std::int64_t most = std::numeric_limits<std::int64_t>::max() / k_looked_at_per_owner;
    const std::int64_t size = std::min(limit, most) * k_looked_at_per_owner;
    const Parts parts = satellite_parts(satellite, {});
    gc::ScanResult result{.next = after, .done = true};
    result.next.started = true;
    const Row slice = query(queries::satellite::slice, parts, {from, size}).at(0);
    const std::optional<std::int64_t> to = as_optional_integer(slice.at(0));
    if (!to) {
        return result;
    }
    for (const Row& row :
         query(queries::satellite::ownerless, parts, {from, *to, from, *to, limit})) {
        gc::Candidate& owner = result.candidates.emplace_back();
        owner.id = as_integer(row.at(0));
    }
    const bool full = static_cast<std::int64_t>(result.candidates.size()) >= limit;
    result.next.id = full ? result.candidates.back().id : *to;
    result.done = !full && as_integer(slice.at(1)) < size;
    return result;
}

std::int64_t SqlStore::remove_ownerless(const gc::Satellite& satellite,
                                        const std::vector<gc::Id>& owners) {
    if (owners.empty()) {
        return 0;
    }
    return execute(ownerless_removal(goes_by_index(satellite)),
                   satellite_parts(satellite, listed(owners, false)));
}

}  // namespace db
