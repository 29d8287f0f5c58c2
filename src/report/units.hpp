// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace report {

// Figures for people, with as many digits as they can use.

// For programs and charts.
constexpr double in_seconds(std::chrono::milliseconds duration) {
    return static_cast<double>(duration.count()) / 1000.0;
}

// "512 B", "1.4 MB", "23 GB"; powers of 1000.
std::string readable_bytes(std::int64_t bytes);

// "45 s", "12 min", "3.5 h", "21 d", "4.2 years"; negative times as well.
std::string readable_duration(std::chrono::seconds duration);

// Of anything per second: "0", "0.0042", "1.3", "128", "1,280".
std::string readable_rate(double per_second);

// "31.4 %", "< 0.1 %"; the share is 0 to 1.
std::string readable_share(double share);

}  // namespace report
