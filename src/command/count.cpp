// SPDX-License-Identifier: Apache-2.0
#include "command/count.hpp"

#include "db/expected.hpp"

#include <chrono>

namespace command {

namespace {

constexpr std::chrono::seconds k_longest_count{5};

}  // namespace

std::optional<std::int64_t> count_expired(const Context& context, db::Connection& connection,
                                          util::TimePoint cutoff, std::int64_t most) {
    const auto end = std::chrono::steady_clock::now() + k_longest_count;
    return db::count_expired(connection, cutoff, most, [&] {
        return context.signals.signal() != 0 || std::chrono::steady_clock::now() > end;
    });
}

}  // namespace command
