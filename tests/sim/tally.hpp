// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/latency.hpp"
#include "sim/operation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sim {

// One request that was answered: its planned start, and how long after it the answer came.
struct Sample {
    std::int64_t at_us = 0;
    std::int64_t latency_us = 0;
};

// Errors of one kind at one place.
struct Failures {
    std::int64_t count = 0;
    std::string first{};  // the first message
};

// What one connection saw.
struct Tally {
    std::array<std::vector<Sample>, k_operations> samples{};
    std::array<std::int64_t, k_operations> skipped{};
    std::map<std::pair<std::string, std::string>, Failures> failures{};  // place, kind
    std::int64_t reconnections = 0;

    void fail(const std::string& place, const std::string& kind, const std::string& message) {
        Failures& failed = failures[{place, kind}];
        if (failed.count++ == 0) {
            failed.first = message;
        }
    }

    void add(const Tally& other) {
        for (std::size_t index = 0; index < k_operations; ++index) {
            samples[index].insert(samples[index].end(), other.samples[index].begin(),
                                  other.samples[index].end());
            skipped[index] += other.skipped[index];
        }
        for (const auto& [key, failed] : other.failures) {
            Failures& mine = failures[key];
            if (mine.count == 0) {
                mine.first = failed.first;
            }
            mine.count += failed.count;
        }
        reconnections += other.reconnections;
    }
};

// The latencies of the operations that `chosen` accepts, and that were due from `from_us` on and
// before `to_us`.
template <typename Choice>
LatencySummary latencies(const Tally& tally, const Choice& chosen, std::int64_t from_us,
                         std::int64_t to_us) {
    std::vector<std::int64_t> values;
    for (std::size_t index = 0; index < k_operations; ++index) {
        if (!chosen(static_cast<Operation>(index))) {
            continue;
        }
        for (const Sample& sample : tally.samples[index]) {
            if (sample.at_us >= from_us && sample.at_us < to_us) {
                values.push_back(sample.latency_us);
            }
        }
    }
    return summarise(std::move(values));
}

}  // namespace sim
