// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/health.hpp"
#include "gc/settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gc {

// What was done since the last pause.
struct Work {
    std::chrono::milliseconds took{0};
    std::int64_t rows = 0;  // touched, satellites included
};

enum class Action { go, wait, stop };

struct Decision {
    Action action = Action::go;
    std::string reason{};                // busy_share, rows_per_second or the name of a signal
    std::string text{};                  // one sentence for a person, without the full stop
    std::chrono::milliseconds pause{0};  // before going on, or before the next look
};

// Pure: a signal above its critical level stops the run; one that could not be read, or is above
// its limit, makes it wait; else the run goes on after the pause that busy_share and
// rows_per_second ask for.
Decision decide(const std::vector<Reading>& readings, const Work& work,
                const ThrottleSettings& settings);

// "replica_lag of db2 is 14 s", or that it could not be read and why.
std::string to_text(const Reading& reading);

// Pure: a sentence for each signal that only warns and is above its limit.
std::vector<std::string> warnings(const std::vector<Reading>& readings,
                                  const ThrottleSettings& settings);

// Pure: how long to pause after working that long, so that work / (work + pause) is busy_share.
std::chrono::milliseconds pause_after(std::chrono::milliseconds work,
                                      const ThrottleSettings& settings);

// Pure: how long to pause after touching those rows in that time, so that it were not more than
// rows_per_second; 0 of those means no limit.
std::chrono::milliseconds pause_for_rate(std::chrono::milliseconds work, std::int64_t rows,
                                         std::int64_t rows_per_second);

// Pure: the wait before attempt number `failures` + 1; doubles from first_delay to longest_delay,
// then jitter (0 up to 1) takes away up to half of it, so that two runs do not meet again.
std::chrono::milliseconds backoff(const RetrySettings& settings, std::int64_t failures,
                                  double jitter);

}  // namespace gc
