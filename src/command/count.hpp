// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "db/connection.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <optional>

namespace command {

// How many access tokens had expired by that moment; nothing when there are more than `most` (0:
// no limit), when counting takes longer than 5 s, which the number is not worth, or when a signal
// came. Throws util::Error of the connection.
std::optional<std::int64_t> count_expired(const Context& context, db::Connection& connection,
                                          util::TimePoint cutoff, std::int64_t most);

}  // namespace command
