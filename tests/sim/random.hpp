// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sim {

// Scrambles 64 bits (the steps of splitmix64), so that near inputs give unrelated outputs.
constexpr std::uint64_t scrambled(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

constexpr std::uint64_t scrambled(std::uint64_t first, std::uint64_t second) {
    return scrambled(scrambled(first) ^ second);
}

// A stream of random numbers, the same on every machine for the same seed.
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(scrambled(seed)) {}

    std::uint64_t next() { return scrambled(m_state++); }

    // From 0 to bound - 1; bound is at least 1.
    std::int64_t below(std::int64_t bound) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound));
    }

    // From 0 to just below 1.
    double share() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

private:
    std::uint64_t m_state = 0;
};

}  // namespace sim
