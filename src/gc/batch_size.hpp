// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/settings.hpp"

#include <chrono>
#include <cstdint>

namespace gc {

// How many of `left` the next batch takes when none may take more than `most`: about as many as
// those behind it, so that what a page leaves over is no batch of its own.
std::int64_t even_part(std::int64_t left, std::int64_t most);

// How many candidates the next batch takes, so that it lasts about limits.batch_time and touches at
// most limits.batch_rows: grows at most twofold, halves on a conflict, never leaves 1 ..
// limits.batch_size. What a batch costs whatever its size, such as a slow commit or many round
// trips on a long way, may take half of it: then smaller batches would be no shorter, only many
// more.
class BatchSize {
public:
    // What a batch should take at least when nobody has to be spared: long enough that commits and
    // round trips are a small part of it, and shorter than the batches of other tools.
    static constexpr std::chrono::milliseconds k_full_speed{100};

    explicit BatchSize(const LimitSettings& limits, bool full_speed = false);

    std::int64_t current() const { return m_current; }

    // Learns from a finished batch of that many candidates and rows.
    void finished(std::int64_t candidates, std::int64_t rows, std::chrono::milliseconds took);
    // Somebody else wanted the same rows.
    void conflict();

private:
    void learn_fixed_cost(double candidates, double duration);
    double fitting_on_average(double candidates, double duration, double room);

    LimitSettings m_limits;
    std::int64_t m_current;
    double m_fixed_cost = 0;  // ms
    double m_last_candidates = 0;
    double m_last_duration = 0;  // ms
    double m_mean_candidates = 0;
    double m_mean_duration = 0;  // ms
};

}  // namespace gc
