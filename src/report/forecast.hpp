// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/report_settings.hpp"
#include "gc/settings.hpp"
#include "report/fleet.hpp"
#include "report/state.hpp"

namespace report {

// What the forecast needs beside the figures.
struct ForecastBasis {
    gc::ForecastSettings limits{};
    gc::ThrottleSettings throttle{};
    std::chrono::milliseconds max_time{0};  // limits.max_time, 0: none
    std::chrono::milliseconds grace{0};
    State state{};  // its last point is that of this report
};

// Pure: access tokens that a run removes in a second at this throttle, if nobody measured it:
// 6900 without pauses (iam-database.md 3.8), ten rows each (iam-database.md 7).
double assumed_removal(const gc::ThrottleSettings& throttle);

// Pure: the part of a day in which a run may work; nothing when it may always.
std::optional<std::chrono::seconds> working_time(const gc::ThrottleSettings& throttle,
                                                 std::chrono::milliseconds max_time);

// Pure: where the tables are going.
Forecast forecast_of(const Fleet& fleet, const ForecastBasis& basis);

// "3 days", "5 h", "12 min": the largest unit of which there are two at least.
std::string rough(std::chrono::seconds duration);

}  // namespace report
