// SPDX-License-Identifier: Apache-2.0
// How SqlStore handles satellites, with and without an owner.
#include "db/catalog.hpp"
#include "db/queries.hpp"
#include "db/sql_store.hpp"

#include <algorithm>
#include <limits>

namespace db {

namespace {

// Rows a scan looks at for each ownerless owner it may return.
constexpr std::int64_t k_looked_at_per_owner = 10;

// The names of the program's own list are spelled as the tables are, but for case.
std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

}  // namespace

std::string SqlStore::index_hint(const gc::Satellite& satellite) {
    if (m_connection->dialect() != Dialect::mysql) {
        return {};
    }
    if (!m_index_names) {
        m_index_names.emplace();
        for (LeadingIndex& index : read_leading_indexes(*m_connection)) {
            (*m_index_names)[{std::move(index.table), std::move(index.column)}] =
                plain_name(index.name);
        }
    }
    const auto found = m_index_names->find({lower(satellite.table), lower(satellite.owner_column)});
    return found == m_index_names->end() ? std::string() : "FORCE INDEX (" + found->second + ")";
}

SqlStore::Parts SqlStore::satellite_parts(const gc::Satellite& satellite,
                                          const std::vector<gc::Id>& owners) {
    return {{"table", std::string(satellite.table)},
            {"owner", std::string(satellite.owner_column)},
            {"parent", std::string(satellite.owner_table)},
            {"parent_key", std::string(satellite.owner_key)},
            {"by_index", index_hint(satellite)},
            {"ids", owners.empty() ? std::string() : id_list(owners)}};
}

std::int64_t SqlStore::remove_satellites(const gc::Satellite& satellite,
                                         const std::vector<gc::Id>& owners) {
    return owners.empty() ? 0
                          : execute(queries::satellite::remove, satellite_parts(satellite, owners));
}

std::int64_t SqlStore::count_satellites(const gc::Satellite& satellite,
                                        const std::vector<gc::Id>& owners) {
    if (owners.empty()) {
        return 0;
    }
    return as_integer(
        query(queries::satellite::count, satellite_parts(satellite, owners)).at(0).at(0));
}

std::int64_t SqlStore::drain_satellites(const gc::Satellite& satellite, gc::Id owner,
                                        std::int64_t limit) {
    return execute(queries::satellite::drain, satellite_parts(satellite, {}), {owner, limit});
}

std::vector<gc::HeavyOwner> SqlStore::heavy_owners(const gc::Satellite& satellite,
                                                   const std::vector<gc::Id>& owners,
                                                   std::int64_t rows) {
    std::vector<gc::HeavyOwner> heavy;
    if (owners.empty()) {
        return heavy;
    }
    for (const Row& row :
         query(queries::satellite::heavy, satellite_parts(satellite, owners), {rows})) {
        heavy.push_back({.id = as_integer(row.at(0)), .rows = as_integer(row.at(1))});
    }
    return heavy;
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
    return owners.empty()
               ? 0
               : execute(queries::satellite::remove_ownerless, satellite_parts(satellite, owners));
}

}  // namespace db
