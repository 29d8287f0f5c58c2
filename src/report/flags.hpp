// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/report_settings.hpp"
#include "report/fleet.hpp"

namespace report {

// Pure: sets burst_score and flags of every client, and the number of flagged ones.
//
// Burst, in robust statistics (median and scaled median absolute deviation, MAD): the tokens of the
// last ten minutes against the client's own hours before, brought to ten minutes, with the square
// root of their median as the least deviation (Poisson); and their logarithm against those of the
// fleet, with a least deviation of a factor 2. The score is the smaller of the two, and 0 unless
// the ten minutes had more than any whole hour before. Without twelve hours of past the fleet
// decides alone, and has to be twice as clear.
void flag_clients(Fleet& fleet, const gc::FlagSettings& settings);

}  // namespace report
