// SPDX-License-Identifier: Apache-2.0
#include "config/signal_limits.hpp"

#include "config/values.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace config {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void reject_limit(std::string_view text, std::string_view why) {
    constexpr std::size_t enough = 60;
    throw util::Error(util::ErrorKind::config,
                      fmt::format("\"{}\" {}", util::escape_controls(text.substr(0, enough)), why));
}

double parse_level(gc::Signal signal, std::string_view text) {
    switch (gc::info(signal).unit) {
    case gc::Unit::seconds:
        return static_cast<double>(
                   parse_duration(text, {milliseconds{0}, std::chrono::hours{24 * 30}}).count()) /
               1000.0;
    case gc::Unit::share:
        return parse_number(text, {0.0, 1.0});
    default:
        return static_cast<double>(parse_whole_number(text, {0, INT64_C(1) << 53}));
    }
}

std::string print_level(gc::Signal signal, double level) {
    switch (gc::info(signal).unit) {
    case gc::Unit::seconds:
        return util::format_duration(milliseconds{std::llround(level * 1000.0)});
    case gc::Unit::share:
        return fmt::to_string(level);
    default:
        return fmt::format("{:.0f}", level);
    }
}

std::string_view level_word(gc::Signal signal) {
    switch (gc::info(signal).unit) {
    case gc::Unit::seconds:
        return "TIME";
    case gc::Unit::share:
        return "X";
    default:
        return "N";
    }
}

bool has_critical(gc::Signal signal) {
    return !gc::info(signal).only_warns;
}

}  // namespace

gc::SignalLimits parse_signal_limits(gc::Signal signal, std::string_view text) {
    gc::SignalLimits limits{.on = text != "off", .limit = gc::info(signal).defaults.limit};
    if (text == "off" || text == "on") {
        return limits;
    }
    const auto slash = text.find('/');
    const bool two = slash != std::string_view::npos;
    if (gc::info(signal).unit == gc::Unit::flag || (two && !has_critical(signal))) {
        reject_limit(text, "is not " + signal_limits_shape(signal));
    }
    limits.limit = parse_level(signal, text.substr(0, slash));
    if (two) {
        limits.critical = parse_level(signal, text.substr(slash + 1));
        if (*limits.critical < limits.limit) {
            reject_limit(text, "has a critical level below the limit");
        }
    }
    return limits;
}

std::string print_signal_limits(gc::Signal signal, const gc::SignalLimits& limits) {
    if (!limits.on) {
        return "off";
    }
    if (gc::info(signal).unit == gc::Unit::flag) {
        return "on";
    }
    const std::string limit = print_level(signal, limits.limit);
    return limits.critical ? limit + "/" + print_level(signal, *limits.critical) : limit;
}

std::string signal_limits_shape(gc::Signal signal) {
    if (gc::info(signal).unit == gc::Unit::flag) {
        return "off or on";
    }
    const std::string usual = print_level(signal, gc::info(signal).defaults.limit);
    if (!has_critical(signal)) {
        return fmt::format("off, on ({}) or {}", usual, level_word(signal));
    }
    return fmt::format("off, on ({0}), {1} to wait above it, or {1}/{1} to stop above the second",
                       usual, level_word(signal));
}

std::optional<gc::Window> parse_window(std::string_view text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto window = gc::parse_window(text);
    if (!window) {
        reject_limit(text, "is not a part of a day such as 01:00-05:00 or 23:00-04:30");
    }
    return window;
}

std::vector<std::string> parse_replicas(std::string_view text) {
    std::vector<std::string> replicas;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word == k_discover) {
            replicas.emplace_back(word);
        } else if (!word.empty()) {
            replicas.push_back(parse_url(word));
        }
    }
    return replicas;
}

}  // namespace config
