// SPDX-License-Identifier: Apache-2.0
// How SqlStore walks the tables and learns what a verdict needs.
#include "db/queries.hpp"
#include "db/sql_store.hpp"
#include "db/target_queries.hpp"
#include "gc/rows.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace db {

namespace {

constexpr gc::Id k_lowest = std::numeric_limits<gc::Id>::min();
constexpr gc::Id k_highest = std::numeric_limits<gc::Id>::max();

// Rows a scan looks at for each orphan it may return: orphans are few, and a look is an index entry
// in three tables.
constexpr std::int64_t k_looked_at_per_candidate = 10;

gc::Id start_of(const gc::Cursor& after) {
    return after.started ? after.id : k_lowest;
}

}  // namespace

gc::ScanResult SqlStore::scan(gc::Target target, const gc::Cursor& after, const gc::Policy& policy,
                              std::int64_t limit) {
    switch (target) {
    case gc::Target::access_token:
        return scan_expired(after, policy, limit);
    case gc::Target::authentication_holder:
    case gc::Target::saved_user_auth:
        return scan_orphans(queries_of(target), after, policy, limit);
    case gc::Target::iam_revoked_at:
    case gc::Target::spring_session:
        return scan_keys(target, after, limit);
    default:
        return scan_rows(*queries_of(target).scan, after, limit);
    }
}

gc::ScanResult SqlStore::scan_expired(const gc::Cursor& after, const gc::Policy& policy,
                                      std::int64_t limit) {
    const Value from = util::format_time(after.expiration.value_or(policy.cutoff));
    const gc::Id from_id = after.started ? after.id : k_highest;
    gc::ScanResult result{.next = after};
    result.next.started = true;
    const Rows rows = query(queries::access_token::scan, {by_index("access_token", "expiration")},
                            {from, from, from, from_id, limit});
    result.done = static_cast<std::int64_t>(rows.size()) < limit;
    for (const Row& row : rows) {
        const gc::Candidate& candidate = result.candidates.emplace_back(as_candidate(row));
        result.next.id = candidate.id;
        result.next.expiration = candidate.expiration;
        // Zero dates of MySQL are the lowest of all, so nothing but more of them is left.
        result.done = result.done || !candidate.expiration;
    }
    return result;
}

gc::ScanResult SqlStore::scan_rows(const Statement& statement, const gc::Cursor& after,
                                   std::int64_t limit) {
    gc::ScanResult result{.next = after};
    result.next.started = true;
    result.next.id = start_of(after);
    for (const Row& row : query(statement, {}, {start_of(after), limit})) {
        result.candidates.push_back(as_candidate(row));
        result.next.id = result.candidates.back().id;
    }
    result.done = static_cast<std::int64_t>(result.candidates.size()) < limit;
    return result;
}

gc::ScanResult SqlStore::scan_orphans(const TargetQueries& queries, const gc::Cursor& after,
                                      const gc::Policy& policy, std::int64_t limit) {
    gc::ScanResult result{.next = after};
    result.next.started = true;
    result.done = true;
    if (!policy.safe_point) {
        return result;
    }
    const gc::Id from = start_of(after);
    const std::int64_t size =
        std::min(limit, k_highest / k_looked_at_per_candidate) * k_looked_at_per_candidate;
    const Row slice = query(*queries.slice, {}, {from, *policy.safe_point, size}).at(0);
    const std::optional<std::int64_t> to = as_optional_integer(slice.at(0));
    if (!to) {
        return result;
    }
    const bool for_holders = queries.scan == &queries::authentication_holder::scan;
    Parameters parameters;
    for (int table = 0; table < (for_holders ? 4 : 2); ++table) {
        parameters.insert(parameters.end(), {from, *to});
    }
    parameters.emplace_back(limit);
    for (const Row& row : query(*queries.scan, {}, parameters)) {
        result.candidates.push_back(as_candidate(row));
    }
    const bool full = static_cast<std::int64_t>(result.candidates.size()) >= limit;
    result.next.id = full ? result.candidates.back().id : *to;
    result.done = !full && as_integer(slice.at(1)) < size;
    return result;
}

void SqlStore::examine(gc::Target target, std::vector<gc::Candidate>& candidates,
                       const gc::Policy&) {
    if (candidates.empty() || !candidates.front().key.empty()) {
        return;
    }
    const std::vector<gc::Id> ids = gc::ids_of(candidates);
    std::unordered_set<gc::Id> marked;
    const bool of_access_tokens = target == gc::Target::access_token;
    if (of_access_tokens) {
        for (const Row& row : query(queries::access_token::registration, listed(ids, true))) {
            marked.insert(as_integer(row.at(0)));
        }
    } else {
        const std::vector<gc::Id> found = referenced(target, ids);
        marked.insert(found.begin(), found.end());
    }
    for (gc::Candidate& candidate : candidates) {
        (of_access_tokens ? candidate.registration : candidate.referenced) =
            marked.contains(candidate.id);
    }
}

std::optional<gc::Candidate> SqlStore::find(gc::Target target, gc::Id id,
                                            const gc::Policy& policy) {
    const Rows rows = query(*queries_of(target).find, {}, {id});
    if (rows.empty()) {
        return std::nullopt;
    }
    std::vector<gc::Candidate> candidates{as_candidate(rows.front())};
    examine(target, candidates, policy);
    return candidates.front();
}

}  // namespace db
