// SPDX-License-Identifier: Apache-2.0
#include "db/expected.hpp"

#include "db/queries.hpp"

namespace db {

namespace {

constexpr std::int64_t k_slice = 100'000;

}  // namespace

std::optional<std::int64_t> count_expired(Connection& connection, util::TimePoint cutoff,
                                          std::int64_t most, const std::function<bool()>& enough) {
    const Dialect dialect = connection.dialect();
    // The moment itself is in, and PostgreSQL keeps microseconds.
    Value from = util::format_time(cutoff + std::chrono::microseconds{1});
    std::int64_t rows = 0;
    while (!enough() && (most == 0 || rows <= most)) {
        const Row slice =
            connection.query(queries::expected::slice.text(dialect), {from, k_slice}).at(0);
        if (as_integer(slice.at(0)) < k_slice) {
            return rows + as_integer(slice.at(0));
        }
        const Value last = slice.at(1).value_or("");
        const Rows count =
            connection.query(queries::expected::count_slice.text(dialect), {from, last});
        rows += as_integer(count.at(0).at(0));
        from = last;
    }
    return std::nullopt;
}

}  // namespace db
