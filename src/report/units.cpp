// SPDX-License-Identifier: Apache-2.0
#include "report/units.hpp"

#include "report/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace report {

namespace {

struct Unit {
    std::string_view name{};
    double size = 1;
};

// Two digits are enough from ten on, and one more below; trailing zeros say nothing.
std::string digits(double number) {
    std::string text = fmt::format("{:.{}f}", number, std::abs(number) < 9.95 ? 1 : 0);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

template <std::size_t count>
std::string in_units(double number, const std::array<Unit, count>& units) {
    Unit best = units.front();
    for (const Unit& unit : units) {
        // What would be shown as 1000 MB is 1 GB.
        if (std::abs(number) >= 0.9995 * unit.size) {
            best = unit;
        }
    }
    return fmt::format("{} {}", digits(number / best.size), best.name);
}

}  // namespace

std::string readable_bytes(std::int64_t bytes) {
    constexpr std::array units{Unit{"B", 1}, Unit{"kB", 1e3}, Unit{"MB", 1e6}, Unit{"GB", 1e9},
                               Unit{"TB", 1e12}};
    return in_units(static_cast<double>(bytes), units);
}

std::string readable_duration(std::chrono::seconds duration) {
    constexpr std::array units{Unit{"s", 1}, Unit{"min", 60}, Unit{"h", 3600}, Unit{"d", 86'400},
                               Unit{"years", 365.25 * 86'400}};
    return in_units(static_cast<double>(duration.count()), units);
}

std::string readable_rate(double per_second) {
    if (per_second == 0) {
        return "0";
    }
    if (std::abs(per_second) < 1) {
        return fmt::format("{:.2g}", per_second);
    }
    return std::abs(per_second) < 999.5 ? digits(per_second) : grouped(std::llround(per_second));
}

std::string readable_share(double share) {
    return share > 0 && share < 0.001 ? "< 0.1 %" : fmt::format("{:.1f} %", 100 * share);
}

}  // namespace report
