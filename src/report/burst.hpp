// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <vector>

namespace report {

// Pure: the burst score of a client, as flags.hpp tells it; `fleet` holds fleet_level of every
// client of the report.
double burst_score(const ClientFigures& client, const std::vector<double>& fleet,
                   util::TimePoint now);

// Logarithm (base 10) of the tokens of the last ten minutes, and one more.
double fleet_level(const ClientFigures& client);

}  // namespace report
