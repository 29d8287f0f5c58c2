// SPDX-License-Identifier: Apache-2.0
#include "util/closest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

namespace util {

namespace {

// Insertions, removals, replacements and swaps of neighbours that turn one text into the other.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before_last(to.size() + 1);
    std::vector<std::size_t> last(to.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        std::vector<std::size_t> row(to.size() + 1, i);
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last = std::move(last);
        last = std::move(row);
    }
    return last.back();
}

std::size_t distance_to(std::string_view text, std::string_view candidate) {
    const std::size_t whole = distance(text, candidate);
    const auto dot = candidate.rfind('.');
    if (dot == std::string_view::npos) {
        return whole;
    }
    return std::min(whole,
                    distance(text.substr(text.rfind('.') + 1), candidate.substr(dot + 1)) + 1);
}

}  // namespace

std::string did_you_mean(std::string_view text, const std::vector<std::string>& candidates) {
    constexpr std::size_t too_long_for_a_name = 64;
    if (text.size() > too_long_for_a_name) {
        return {};
    }
    std::size_t best = std::numeric_limits<std::size_t>::max();
    std::string_view closest;
    for (const std::string& candidate : candidates) {
        const std::size_t steps = distance_to(text, candidate);
        if (steps < best) {
            best = steps;
            closest = candidate;
        }
    }
    const std::size_t allowed = std::max<std::size_t>(1, text.size() / 3);
    return best <= allowed ? fmt::format(" (did you mean {}?)", closest) : std::string{};
}

}  // namespace util
