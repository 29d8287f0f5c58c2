// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"
#include "report/fleet_reader.hpp"

#include <chrono>

namespace report {

// Pure: the figures of every client that has a token, and their sums; no flags, no forecast yet.
Fleet figures_of(const FleetTally& tally, util::TimePoint now);

// Pure: flagged clients first, then those with most tokens.
void sort_clients(Fleet& fleet);

}  // namespace report
