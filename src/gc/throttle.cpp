// SPDX-License-Identifier: Apache-2.0
#include "gc/throttle.hpp"

#include <algorithm>

namespace gc {

std::chrono::milliseconds pause_after(std::chrono::milliseconds work,
                                      const ThrottleSettings& settings) {
    if (settings.busy_share >= 1.0) {
        return std::chrono::milliseconds{0};
    }
    const double factor = (1.0 - settings.busy_share) / settings.busy_share;
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(work.count()) * factor)};
}

std::chrono::milliseconds backoff(const RetrySettings& settings, std::int64_t failures,
                                  double jitter) {
    const std::int64_t doublings = std::clamp<std::int64_t>(failures - 1, 0, 30);
    const std::int64_t longest = settings.longest_delay.count();
    const std::int64_t first = std::min(settings.first_delay.count(), longest);
    const std::int64_t full = doublings >= 20 ? longest : std::min(longest, first << doublings);
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(full) * (1.0 - jitter / 2))};
}

}  // namespace gc
