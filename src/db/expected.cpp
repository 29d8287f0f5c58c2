// SPDX-License-Identifier: Apache-2.0
#include "db/expected.hpp"

#include "db/queries.hpp"

namespace db {

std::optional<std::int64_t> count_expired(Connection& connection, util::TimePoint cutoff,
                                          std::int64_t most, const std::function<bool()>& enough,
                                          std::int64_t slice) {
    const Dialect dialect = connection.dialect();
    // The moment itself is in, and PostgreSQL keeps microseconds.
    Value from = util::format_time(cutoff + std::chrono::microseconds{1});
    std::int64_t rows = 0;
    while (!enough() && (most == 0 || rows <= most)) {
        const Row newest =
            connection.query(queries::expected::slice.text(dialect), {from, slice}).at(0);
        if (as_integer(newest.at(0)) < slice) {
            return rows + as_integer(newest.at(0));
        }
        const Value last = newest.at(1).value_or("");
        const Rows count =
            connection.query(queries::expected::count_slice.text(dialect), {from, last});
        rows += as_integer(count.at(0).at(0));
        from = last;
    }
    return std::nullopt;
}

}  // namespace db
