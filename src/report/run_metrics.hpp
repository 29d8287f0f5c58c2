// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace report {

// The moments of a run that its document does not hold, in seconds since 1970 by this machine's
// clock, with which Prometheus compares them.
struct RunMoments {
    std::int64_t ended = 0;
    std::optional<std::int64_t> last_success{};  // the last run with exit code 0, this one included
};

// What one run has to say to an alarm: when it ended, how, and what it removed. Its names are not
// those of the report's metrics, so that both files can lie in one folder.
std::string run_metrics(const RunDocument& document, const RunMoments& moments);

// The last success that an earlier text of run_metrics tells of, if it does.
std::optional<std::int64_t> last_success_in(std::string_view metrics);

}  // namespace report
