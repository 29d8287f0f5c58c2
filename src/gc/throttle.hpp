// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/settings.hpp"

#include <chrono>
#include <cstdint>

namespace gc {

// Pure: how long to pause after working that long, so that work / (work + pause) is busy_share.
std::chrono::milliseconds pause_after(std::chrono::milliseconds work,
                                      const ThrottleSettings& settings);

// Pure: the wait before attempt number `failures` + 1; doubles from first_delay to longest_delay,
// then jitter (0 up to 1) takes away up to half of it, so that two runs do not meet again.
std::chrono::milliseconds backoff(const RetrySettings& settings, std::int64_t failures,
                                  double jitter);

}  // namespace gc
