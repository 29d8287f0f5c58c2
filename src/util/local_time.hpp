// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace util {

// The wall clock of this machine.
struct LocalTime {
    std::chrono::seconds time_of_day{0};
    std::string zone{};  // "CET (UTC+01:00)"
};

// Now, in the zone that TZ or /etc/localtime says.
LocalTime local_time();

}  // namespace util
