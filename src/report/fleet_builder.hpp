// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/client_source.hpp"
#include "report/fleet.hpp"

#include <stop_token>

namespace report {

// Reads the tables in slices of that many rows; ends early when a stop is requested. Memory grows
// with the number of clients, not of tokens.
Fleet build_fleet(gc::ClientSource& source, util::TimePoint now, const std::stop_token& stop,
                  std::int64_t slice_rows = 20'000);

}  // namespace report
