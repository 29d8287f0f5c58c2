// SPDX-License-Identifier: Apache-2.0
#include "gc/batch_size.hpp"

#include <algorithm>
#include <cmath>

namespace gc {

namespace {

// Small, because nothing is known yet about the server and the rows.
constexpr std::int64_t k_first_at_most = 200;

// What a candidate takes a slow server, so that the very first batch keeps to its time as well.
constexpr std::chrono::microseconds k_slow_candidate{400};

// Fixed costs make a batch no longer than this, unless limits.batch_time itself is more.
constexpr double k_longest_ms = 250;
constexpr double k_very_few = 4;

// Of a batch in the average of all so far.
constexpr double k_weight_of_one = 0.25;

LimitSettings with_time(LimitSettings limits, bool full_speed) {
    if (full_speed) {
        limits.batch_time = std::max(limits.batch_time, BatchSize::k_full_speed);
    }
    return limits;
}

std::int64_t first_size(const LimitSettings& limits) {
    const std::int64_t by_time = limits.batch_time / k_slow_candidate;
    return std::clamp<std::int64_t>(std::min(by_time, k_first_at_most), 1, limits.batch_size);
}

}  // namespace

std::int64_t even_part(std::int64_t left, std::int64_t most) {
    const std::int64_t batches = (left + most - 1) / most;
    return (left + batches - 1) / batches;
}

BatchSize::BatchSize(const LimitSettings& limits, bool full_speed)
    : m_limits(with_time(limits, full_speed)), m_current(first_size(m_limits)) {}

// Two batches of different sizes tell how long one without candidates would take: where the line
// through them meets no candidates. A batch of very few is little else.
void BatchSize::learn_fixed_cost(double candidates, double duration) {
    const bool differ =
        m_last_candidates > 0 && std::abs(candidates - m_last_candidates) * 5 > m_last_candidates;
    double seen = m_fixed_cost;
    if (candidates <= k_very_few) {
        seen = std::max(m_fixed_cost, duration * 0.8);
    } else if (differ) {
        const double at_none = (m_last_candidates * duration - candidates * m_last_duration) /
                               (m_last_candidates - candidates);
        seen = std::clamp(at_none, 0.0, std::min(duration, m_last_duration));
    }
    // Half of it, since single batches are quick or slow by chance.
    m_fixed_cost = (m_fixed_cost + seen) / 2;
    m_last_candidates = candidates;
    m_last_duration = duration;
}

// How many candidates fit by what they took on average lately: no batch that is quick by chance
// makes the next one long.
double BatchSize::fitting_on_average(double candidates, double duration, double room) {
    const double weight = m_mean_candidates > 0 ? k_weight_of_one : 1.0;
    m_mean_candidates += (candidates - m_mean_candidates) * weight;
    m_mean_duration += (duration - m_mean_duration) * weight;
    return room / std::max(m_mean_duration - m_fixed_cost, 1.0) * m_mean_candidates;
}

void BatchSize::finished(std::int64_t candidates, std::int64_t rows,
                         std::chrono::milliseconds took) {
    if (candidates <= 0) {
        return;
    }
    const auto size = static_cast<double>(candidates);
    const double duration = std::max<double>(static_cast<double>(took.count()), 1.0);
    const bool telling = 2 * candidates >= m_current;
    if (telling) {
        learn_fixed_cost(size, duration);
    }
    const auto wanted = static_cast<double>(m_limits.batch_time.count());
    const double goal = std::max(wanted, std::min(2 * m_fixed_cost, k_longest_ms));
    const double room = goal - std::min(m_fixed_cost, goal / 2);
    double by_time = room / std::max(duration - m_fixed_cost, 1.0) * size;
    if (telling) {
        const double on_average = fitting_on_average(size, duration, room);
        by_time = std::min(by_time, std::max(on_average, static_cast<double>(m_current)));
    }
    const double rows_each = std::max(1.0, static_cast<double>(rows) / size);
    const double by_rows = static_cast<double>(m_limits.batch_rows) / rows_each;
    const double ceiling = static_cast<double>(std::min(2 * m_current, m_limits.batch_size));
    // A small batch says little about how long a full one would take, so it may raise the size but
    // not lower it.
    const double floor = telling ? 1.0 : static_cast<double>(m_current);
    const double by_both = std::min(std::max(by_time, floor), by_rows);
    m_current = static_cast<std::int64_t>(std::clamp(by_both, 1.0, ceiling));
}

void BatchSize::conflict() {
    m_current = std::max<std::int64_t>(1, m_current / 2);
}

}  // namespace gc
