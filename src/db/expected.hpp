// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace db {

// How many access tokens expired at that moment or before, counted in slices so that no statement
// is long; nothing when enough() became true before the end, or when the count exceeded `most` (0:
// no bound).
std::optional<std::int64_t> count_expired(Connection& connection, util::TimePoint cutoff,
                                          std::int64_t most, const std::function<bool()>& enough,
                                          std::int64_t slice = 100'000);

}  // namespace db
