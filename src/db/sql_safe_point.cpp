// SPDX-License-Identifier: Apache-2.0
// Safe points: the highest id that is provably old, found by walking an index from its end in
// bounded statements.
#include "db/queries.hpp"
#include "db/sql_store.hpp"

#include <algorithm>
#include <limits>

namespace db {

namespace {

constexpr std::int64_t k_page = 1000;

}  // namespace

// The statement returns the value, the row's id and whether the row is a witness, the highest
// values first.
std::optional<gc::Id> SqlStore::newest_witness(const Statement& statement, const Part& by_index,
                                               const Value& condition) {
    gc::Id value = std::numeric_limits<gc::Id>::max();
    gc::Id id = std::numeric_limits<gc::Id>::max();
    while (true) {
        const Rows rows =
            query(statement, {by_index}, {condition, value, value, value, id, k_page});
        for (const Row& row : rows) {
            if (as_integer(row.at(2)) == 1) {
                return as_integer(row.at(0));
            }
        }
        if (static_cast<std::int64_t>(rows.size()) < k_page) {
            return std::nullopt;
        }
        value = as_integer(rows.back().at(0));
        id = as_integer(rows.back().at(1));
    }
}

std::optional<gc::Id> SqlStore::holder_safe_point(util::TimePoint expired_before) {
    const Value moment = util::format_time(expired_before);
    std::optional<gc::Id> highest;
    // Without this look the walk would read every token of a database where none has expired.
    if (!query(queries::access_token::any_expired, {by_index("access_token", "expiration")},
               {moment})
             .empty()) {
        highest = newest_witness(queries::access_token::holders_down,
                                 by_index("access_token", "auth_holder_id"), moment);
    }
    highest =
        std::max(highest, newest_witness(queries::authorization_code::holders_down,
                                         by_index("authorization_code", "auth_holder_id"), moment));
    const Rows rows = query(queries::device_code::newest_holder, {}, {moment});
    return std::max(highest, std::optional<gc::Id>(as_optional_integer(rows.at(0).at(0))));
}

std::optional<gc::Id> SqlStore::user_auth_safe_point(gc::Id holder) {
    return newest_witness(queries::authentication_holder::user_auths_down,
                          by_index("authentication_holder", "user_auth_id"), holder);
}

}  // namespace db
