// SPDX-License-Identifier: Apache-2.0
#include "report/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace report {

namespace {

constexpr std::size_t k_exact = 256;
constexpr int k_index_bits = 11;
constexpr std::size_t k_registers = std::size_t{1} << k_index_bits;

// FNV-1a, whose upper bits are weak, then the finalizer of SplitMix64.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char character : text) {
        hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
    }
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
    return hash ^ (hash >> 31U);
}

}  // namespace

void DistinctCount::add(std::string_view text) {
    const std::uint64_t hash = hash_of(text);
    if (!m_registers.empty()) {
        add_to_registers(hash);
        return;
    }
    m_hashes.insert(hash);
    if (m_hashes.size() > k_exact) {
        m_registers.assign(k_registers, 0);
        for (const std::uint64_t known : m_hashes) {
            add_to_registers(known);
        }
        m_hashes.clear();
    }
}

void DistinctCount::add_to_registers(std::uint64_t hash) {
    const auto index = static_cast<std::size_t>(hash >> (64U - k_index_bits));
    const std::uint64_t rest = (hash << k_index_bits) | (std::uint64_t{1} << (k_index_bits - 1));
    const auto rank = static_cast<std::uint8_t>(std::countl_zero(rest) + 1);
    m_registers[index] = std::max(m_registers[index], rank);
}

std::int64_t DistinctCount::count() const {
    if (m_registers.empty()) {
        return static_cast<std::int64_t>(m_hashes.size());
    }
    constexpr auto size = static_cast<double>(k_registers);
    constexpr double bias = 0.7213 / (1 + 1.079 / size);
    double sum = 0;
    int empty = 0;
    for (const std::uint8_t rank : m_registers) {
        sum += std::ldexp(1.0, -static_cast<int>(rank));
        empty += rank == 0 ? 1 : 0;
    }
    const double raw = bias * size * size / sum;
    const bool sparse = raw <= 2.5 * size && empty > 0;
    return std::llround(sparse ? size * std::log(size / empty) : raw);
}

}  // namespace report
