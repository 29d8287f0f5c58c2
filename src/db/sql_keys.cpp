// SPDX-License-Identifier: Apache-2.0
// How SqlStore handles rows keyed by text: revoked tokens, and HTTP sessions with their attributes.
#include "db/queries.hpp"
#include "db/sql_store.hpp"
#include "db/target_queries.hpp"

#include <chrono>

namespace db {

namespace {

using std::chrono::milliseconds;

// 9999-12-31 in milliseconds since 1970; a session that never ends has the highest integer there
// is.
constexpr std::int64_t k_end_of_time = 253'402'300'799'000;

std::vector<Part> key_parts(const std::vector<std::string>& keys) {
    return {{"keys", placeholder_list(keys.size())}};
}

std::vector<Value> as_parameters(const std::vector<std::string>& keys) {
    return {keys.begin(), keys.end()};
}

}  // namespace

std::int64_t SqlStore::wall_clock_minus_unix() {
    if (!m_wall_clock_minus_unix) {
        clock();
    }
    return *m_wall_clock_minus_unix;
}

// Sessions expire by UNIX time, everything else by the session's wall clock.
Value SqlStore::cutoff_of(gc::Target target, const gc::Policy& policy) {
    if (target != gc::Target::spring_session) {
        return util::format_time(policy.cutoff);
    }
    const auto wall = std::chrono::floor<milliseconds>(policy.cutoff).time_since_epoch();
    return wall.count() - wall_clock_minus_unix();
}

std::optional<util::TimePoint> SqlStore::expiration_of(gc::Target target, const Cell& cell) {
    if (target != gc::Target::spring_session) {
        return as_time(cell);
    }
    const std::optional<std::int64_t> expiry = as_optional_integer(cell);
    if (!expiry || *expiry > k_end_of_time || *expiry < -k_end_of_time) {
        return std::nullopt;
    }
    return util::TimePoint(milliseconds(*expiry + wall_clock_minus_unix()));
}

gc::ScanResult SqlStore::scan_keys(gc::Target target, const gc::Cursor& after, std::int64_t limit) {
    const Statement& statement = target == gc::Target::spring_session
                                     ? queries::spring_session::scan
                                     : queries::iam_revoked_at::scan;
    gc::ScanResult result{.next = after};
    result.next.started = true;
    for (const Row& row : query(statement, {}, {after.key, limit})) {
        result.candidates.push_back(
            {.key = row.at(0).value_or(""), .expiration = expiration_of(target, row.at(1))});
        result.next.key = result.candidates.back().key;
    }
    result.done = static_cast<std::int64_t>(result.candidates.size()) < limit;
    return result;
}

std::int64_t SqlStore::remove_keys(gc::Target target, const std::vector<std::string>& keys,
                                   const gc::Policy& policy) {
    if (keys.empty()) {
        return 0;
    }
    Parameters parameters = as_parameters(keys);
    parameters.push_back(cutoff_of(target, policy));
    return execute(target == gc::Target::spring_session ? queries::spring_session::remove
                                                        : queries::iam_revoked_at::remove,
                   key_parts(keys), parameters);
}

std::int64_t SqlStore::remove_key_satellites(gc::Target target,
                                             const std::vector<std::string>& keys,
                                             const gc::Policy& policy) {
    if (keys.empty() || target != gc::Target::spring_session) {
        return 0;
    }
    Parameters parameters = as_parameters(keys);
    parameters.push_back(cutoff_of(target, policy));
    return execute(queries::spring_session::remove_attributes, key_parts(keys), parameters);
}

std::int64_t SqlStore::count_key_satellites(gc::Target target,
                                            const std::vector<std::string>& keys) {
    if (keys.empty() || target != gc::Target::spring_session) {
        return 0;
    }
    const Rows rows =
        query(queries::spring_session::count_attributes, key_parts(keys), as_parameters(keys));
    return as_integer(rows.at(0).at(0));
}

std::vector<std::string> SqlStore::existing_keys(gc::Target target,
                                                 const std::vector<std::string>& keys) {
    std::vector<std::string> existing;
    if (keys.empty()) {
        return existing;
    }
    for (const Row& row :
         query(target == gc::Target::spring_session ? queries::spring_session::existing
                                                    : queries::iam_revoked_at::existing,
               key_parts(keys), as_parameters(keys))) {
        existing.push_back(row.at(0).value_or(""));
    }
    return existing;
}

}  // namespace db
