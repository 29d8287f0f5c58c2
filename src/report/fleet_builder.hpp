// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/client_source.hpp"
#include "gc/report_settings.hpp"
#include "report/fleet.hpp"
#include "report/fleet_reader.hpp"
#include "report/forecast.hpp"

namespace report {

// Reads the tables (read_fleet) and draws every conclusion from them: figures, flags, what the last
// run removed, forecast. Adds this look to the state in the basis.
Fleet build_fleet(gc::ClientSource& source, const ReadOptions& options,
                  const gc::FlagSettings& flags, ForecastBasis& basis);

}  // namespace report
