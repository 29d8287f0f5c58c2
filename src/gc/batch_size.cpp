// SPDX-License-Identifier: Apache-2.0
#include "gc/batch_size.hpp"

#include <algorithm>

namespace gc {

namespace {

// Small, because nothing is known yet about the server and the rows.
constexpr std::int64_t k_first_at_most = 200;

// What a candidate takes a slow server, so that the very first batch keeps to its time as well.
constexpr std::chrono::microseconds k_slow_candidate{400};

std::int64_t first_size(const LimitSettings& limits) {
    const std::int64_t by_time = limits.batch_time / k_slow_candidate;
    return std::clamp<std::int64_t>(std::min(by_time, k_first_at_most), 1, limits.batch_size);
}

}  // namespace

BatchSize::BatchSize(const LimitSettings& limits)
    : m_limits(limits), m_current(first_size(limits)) {}

void BatchSize::finished(std::int64_t candidates, std::int64_t rows,
                         std::chrono::milliseconds took) {
    if (candidates <= 0) {
        return;
    }
    const double duration = std::max<double>(static_cast<double>(took.count()), 1.0);
    const double by_time = static_cast<double>(m_limits.batch_time.count()) / duration *
                           static_cast<double>(candidates);
    const double rows_each =
        std::max(1.0, static_cast<double>(rows) / static_cast<double>(candidates));
    const double by_rows = static_cast<double>(m_limits.batch_rows) / rows_each;
    const double ceiling = static_cast<double>(std::min(2 * m_current, m_limits.batch_size));
    // A small batch says little about how long a full one would take, so it may raise the size but
    // not lower it.
    const double floor = candidates < m_current ? static_cast<double>(m_current) : 1.0;
    const double by_both = std::min(std::max(by_time, floor), by_rows);
    m_current = static_cast<std::int64_t>(std::clamp(by_both, 1.0, ceiling));
}

void BatchSize::conflict() {
    m_current = std::max<std::int64_t>(1, m_current / 2);
}

}  // namespace gc
