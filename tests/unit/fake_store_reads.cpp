// SPDX-License-Identifier: Apache-2.0
// What the fake reads without changing anything.
#include "unit/fake_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace test {

using gc::Candidate;
using gc::Id;
using gc::Target;

namespace {

Candidate candidate_of(Id id, const Row& row) {
    return {.id = id,
            .expiration = row.expiration,
            .client_id = row.client_id,
            .parent_id = row.parent_id};
}

// By (expiration, id) from the cut-off back to the oldest.
gc::ScanResult scan_tokens(const std::map<Id, Row>& rows, const gc::Cursor& after,
                           const gc::Policy& policy, std::int64_t limit) {
    std::vector<Candidate> found;
    for (const auto& [id, row] : rows) {
        if (row.expiration && *row.expiration <= policy.cutoff &&
            (!after.started ||
             std::pair(*row.expiration, id) < std::pair(after.expiration.value(), after.id))) {
            found.push_back(candidate_of(id, row));
        }
    }
    std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
        return std::pair(a.expiration, a.id) > std::pair(b.expiration, b.id);
    });
    const bool done = static_cast<std::int64_t>(found.size()) <= limit;
    found.resize(std::min(found.size(), static_cast<std::size_t>(limit)));
    gc::Cursor next = after;
    if (!found.empty()) {
        next = {.expiration = found.back().expiration, .id = found.back().id, .started = true};
    }
    return {.candidates = std::move(found), .next = next, .done = done};
}

gc::ScanResult scan_keys(const std::map<std::string, std::optional<util::TimePoint>>& rows,
                         const gc::Cursor& after, std::int64_t limit) {
    gc::ScanResult result{.next = after, .done = true};
    for (auto row = rows.upper_bound(after.key); row != rows.end(); ++row) {
        if (static_cast<std::int64_t>(result.candidates.size()) == limit) {
            result.done = false;
            break;
        }
        Candidate candidate{.key = row->first};
        candidate.expiration = row->second;
        result.candidates.push_back(candidate);
        result.next = {.key = row->first, .started = true};
    }
    return result;
}

// Referring columns with an index; device_code has none and is left to examine.
bool is_found_referenced(const Tables& tables, Target target, Id id) {
    const auto references = tables.references(target, id);
    return std::any_of(references.begin(), references.end(), [](const gc::Reference& reference) {
        return reference.referrer != Target::device_code;
    });
}

std::string detail_of(std::string_view table, const std::vector<Id>& ids) {
    return fmt::format("{} {}", table, fmt::join(ids, ","));
}

}  // namespace

gc::DatabaseClock FakeStore::clock() {
    enter("clock");
    const auto since_epoch =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    return {.now = now, .unix_milliseconds = since_epoch.count()};
}

gc::Schema FakeStore::schema() {
    enter("schema");
    return catalog;
}

// By primary key a scan is bounded by the rows it looks at, so it may come back empty and not done.
gc::ScanResult FakeStore::scan(Target target, const gc::Cursor& after, const gc::Policy& policy,
                               std::int64_t limit) {
    enter("scan", std::string(gc::name(target)));
    if (target == Target::iam_revoked_at || target == Target::spring_session) {
        return scan_keys(tables.keyed[target], after, limit);
    }
    const auto& rows = tables.rows[target];
    if (target == Target::access_token) {
        return scan_tokens(rows, after, policy, limit);
    }
    const bool orphans = gc::needs_safe_point(target);
    gc::ScanResult result{.next = after, .done = true};
    std::int64_t looked_at = 0;
    for (auto row = rows.upper_bound(after.id); row != rows.end(); ++row) {
        if (orphans && row->first > policy.safe_point.value_or(0)) {
            break;
        }
        if (looked_at++ == limit) {
            result.done = false;
            break;
        }
        if (!orphans || !is_found_referenced(tables, target, row->first)) {
            result.candidates.push_back(candidate_of(row->first, row->second));
        }
        result.next = {.id = row->first, .started = true};
    }
    return result;
}

void FakeStore::examine(Target target, std::vector<Candidate>& candidates,
                        const gc::Policy& /*policy*/) {
    enter("examine", std::string(gc::name(target)));
    for (Candidate& candidate : candidates) {
        candidate.registration =
            target == Target::access_token && tables.is_registration(candidate.id);
        candidate.referenced =
            candidate.key.empty() && !tables.references(target, candidate.id).empty();
    }
}

std::optional<Candidate> FakeStore::find(Target target, Id id, const gc::Policy& policy) {
    enter("find", detail_of(gc::name(target), {id}));
    if (!tables.has(target, id)) {
        return std::nullopt;
    }
    std::vector<Candidate> found{candidate_of(id, tables.rows[target][id])};
    examine(target, found, policy);
    return found.front();
}

std::vector<gc::HeavyOwner> FakeStore::heavy_owners(const std::vector<gc::Satellite>& satellites,
                                                    const std::vector<Id>& owners,
                                                    std::int64_t rows) {
    enter("heavy_owners", detail_of(satellites.front().owner_table, owners));
    std::vector<gc::HeavyOwner> heavy;
    for (std::size_t i = 0; i < satellites.size(); ++i) {
        for (const Id owner : owners) {
            const auto count = tables.satellite_count(std::string(satellites[i].table), owner);
            if (count > rows) {
                heavy.push_back({.satellite = i, .id = owner, .rows = count});
            }
        }
    }
    return heavy;
}

std::vector<std::int64_t> FakeStore::satellite_rows(const std::vector<gc::Satellite>& satellites,
                                                    const std::vector<Id>& owners,
                                                    std::int64_t most) {
    enter("satellite_rows", detail_of(satellites.front().owner_table, owners));
    std::vector<std::int64_t> rows;
    for (const gc::Satellite& satellite : satellites) {
        std::int64_t of_table = 0;
        for (const Id owner : owners) {
            of_table += tables.satellite_count(std::string(satellite.table), owner);
        }
        rows.push_back(std::min(of_table, most));
    }
    return rows;
}

bool FakeStore::cascades(const gc::Satellite& satellite) {
    return cascading.contains(std::string(satellite.table));
}

std::vector<Id> FakeStore::referenced(Target target, const std::vector<Id>& ids) {
    enter_transaction("referenced", detail_of(gc::name(target), ids));
    std::vector<Id> found;
    for (const Id id : ids) {
        if (!tables.references(target, id).empty()) {
            found.push_back(id);
        }
    }
    return found;
}

std::vector<gc::Reference> FakeStore::references(Target target, const std::vector<Id>& ids) {
    enter("references", detail_of(gc::name(target), ids));
    std::vector<gc::Reference> found;
    for (const Id id : ids) {
        for (const gc::Reference& reference : tables.references(target, id)) {
            found.push_back(reference);
        }
    }
    return found;
}

std::int64_t FakeStore::count_satellites(const gc::Satellite& satellite,
                                         const std::vector<Id>& owners) {
    enter("count_satellites", detail_of(satellite.table, owners));
    std::int64_t count = 0;
    for (const Id owner : owners) {
        count += tables.satellite_count(std::string(satellite.table), owner);
    }
    return count;
}

std::vector<gc::LockedRow> FakeStore::read(Target target, const std::vector<Id>& ids) {
    enter("read", detail_of(gc::name(target), ids));
    std::vector<gc::LockedRow> rows;
    for (const Id id : ids) {
        if (tables.has(target, id)) {
            rows.push_back({.id = id, .parent_id = tables.rows[target][id].parent_id});
        }
    }
    return rows;
}

std::vector<Id> FakeStore::existing(Target target, const std::vector<Id>& ids) {
    enter("existing", detail_of(gc::name(target), ids));
    std::vector<Id> found;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(found),
                 [&](Id id) { return tables.has(target, id); });
    return found;
}

gc::ScanResult FakeStore::scan_ownerless(const gc::Satellite& satellite, const gc::Cursor& after,
                                         std::int64_t limit) {
    enter("scan_ownerless", std::string(satellite.table));
    const Target target = gc::target_of(satellite.owner_table).value();
    const auto& rows = tables.satellites[std::string(satellite.table)];
    gc::ScanResult result{.next = after, .done = true};
    for (auto row = rows.upper_bound(after.id); row != rows.end();
         row = rows.upper_bound(row->first)) {
        if (static_cast<std::int64_t>(result.candidates.size()) == limit) {
            result.done = false;
            break;
        }
        if (!tables.has(target, row->first)) {
            Candidate candidate{.id = row->first};
            result.candidates.push_back(candidate);
        }
        result.next = {.id = row->first, .started = true};
    }
    return result;
}

std::int64_t FakeStore::count_key_satellites(Target /*target*/,
                                             const std::vector<std::string>& keys) {
    enter("count_key_satellites");
    std::int64_t count = 0;
    for (const std::string& key : keys) {
        count += static_cast<std::int64_t>(tables.session_attributes.count(key));
    }
    return count;
}

std::vector<std::string> FakeStore::existing_keys(Target target,
                                                  const std::vector<std::string>& keys) {
    enter("existing_keys", std::string(gc::name(target)));
    std::vector<std::string> found;
    std::copy_if(keys.begin(), keys.end(), std::back_inserter(found),
                 [&](const std::string& key) { return tables.keyed[target].contains(key); });
    return found;
}

std::optional<Id> FakeStore::holder_safe_point(util::TimePoint expired_before) {
    enter("holder_safe_point", util::format_time(expired_before));
    std::optional<Id> newest;
    for (const Target target :
         {Target::access_token, Target::authorization_code, Target::device_code}) {
        for (const auto& [id, row] : tables.rows[target]) {
            const bool witness = row.expiration && *row.expiration <= expired_before &&
                                 row.parent_id &&
                                 tables.has(Target::authentication_holder, *row.parent_id);
            newest = witness ? std::max(newest, row.parent_id) : newest;
        }
    }
    return newest;
}

std::optional<Id> FakeStore::user_auth_safe_point(Id holder) {
    enter("user_auth_safe_point", std::to_string(holder));
    std::optional<Id> newest;
    for (const auto& [id, row] : tables.rows[Target::authentication_holder]) {
        const bool witness =
            id <= holder && row.parent_id && tables.has(Target::saved_user_auth, *row.parent_id);
        newest = witness ? std::max(newest, row.parent_id) : newest;
    }
    return newest;
}

bool FakeStore::has_more_rows_than(std::string_view table, std::int64_t rows) {
    enter("has_more_rows_than", std::string(table));
    const auto target = gc::target_of(table);
    const auto satellites = tables.satellites.find(std::string(table));
    if (target) {
        return tables.count(*target) > rows;
    }
    return satellites != tables.satellites.end() &&
           static_cast<std::int64_t>(satellites->second.size()) > rows;
}

std::vector<gc::IssuedToken> FakeStore::newest_tokens() {
    enter("newest_tokens");
    return issued;
}

void FakeStore::probe_removal(std::string_view table) {
    enter("probe_removal", std::string(table));
    if (denied.contains(std::string(table))) {
        throw util::Error(util::ErrorKind::permission,
                          fmt::format("the account may not remove from {}", table));
    }
}

}  // namespace test
