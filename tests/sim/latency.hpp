// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

// Latencies in microseconds.
struct LatencySummary {
    std::int64_t count = 0;
    std::int64_t p50 = 0;
    std::int64_t p90 = 0;
    std::int64_t p99 = 0;
    std::int64_t max = 0;
};

// The nearest-rank percentile of sorted values: the smallest one that at least `share` of them do
// not exceed; 0 when there are none. `share` is above 0 and at most 1.
inline std::int64_t percentile(const std::vector<std::int64_t>& sorted, double share) {
    if (sorted.empty()) {
        return 0;
    }
    // 0.55 * 100 is a little more than 55; without the small step back it would be the 56th.
    const double rank = std::ceil(share * static_cast<double>(sorted.size()) - 1e-9);
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

inline LatencySummary summarise(std::vector<std::int64_t> latencies) {
    std::sort(latencies.begin(), latencies.end());
    return {.count = static_cast<std::int64_t>(latencies.size()),
            .p50 = percentile(latencies, 0.50),
            .p90 = percentile(latencies, 0.90),
            .p99 = percentile(latencies, 0.99),
            .max = latencies.empty() ? 0 : latencies.back()};
}

}  // namespace sim
