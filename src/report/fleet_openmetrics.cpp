// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "util/error.hpp"

namespace report {

std::string fleet_openmetrics(const Fleet& /*fleet*/, const RenderOptions& /*options*/) {
    throw util::Error(util::ErrorKind::config,
                      "report.format: openmetrics is not there yet; choose text or json");
}

}  // namespace report
