// SPDX-License-Identifier: Apache-2.0
#include "util/time.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace util {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

[[noreturn]] void bad_time(std::string_view text) {
    throw Error(ErrorKind::data,
                fmt::format("\"{}\" is not a time of the form 2026-05-01 12:00:00", text));
}

int number(std::string_view text, std::size_t at, std::size_t length) {
    if (at + length > text.size()) {
        bad_time(text);
    }
    int value = 0;
    const char* const first = text.data() + at;
    const auto [end, error] = std::from_chars(first, first + length, value);
    if (error != std::errc{} || end != first + length || *first == '-') {
        bad_time(text);
    }
    return value;
}

microseconds fraction(std::string_view text) {
    if (text.size() == 19) {
        return microseconds{0};
    }
    if (text[19] != '.' || text.size() == 20 || text.size() > 26) {
        bad_time(text);
    }
    std::string digits(text.substr(20));
    digits.resize(6, '0');
    return microseconds{number(digits, 0, 6)};
}

struct Unit {
    std::string_view name;
    std::int64_t milliseconds = 0;
};

constexpr std::array k_units{
    Unit{"ms", 1},        Unit{"s", 1000},       Unit{"min", 60'000},
    Unit{"h", 3'600'000}, Unit{"d", 86'400'000},
};

}  // namespace

TimePoint parse_time(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00 00:00:00";
    if (text.size() < shape.size()) {
        bad_time(text);
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool separator = shape[i] != '0';
        if (separator && text[i] != shape[i] && !(i == 10 && text[i] == 'T')) {
            bad_time(text);
        }
    }
    const std::chrono::year_month_day date{
        std::chrono::year{number(text, 0, 4)},
        std::chrono::month{static_cast<unsigned>(number(text, 5, 2))},
        std::chrono::day{static_cast<unsigned>(number(text, 8, 2))}};
    const int hour = number(text, 11, 2);
    const int minute = number(text, 14, 2);
    const int second = number(text, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) {
        bad_time(text);
    }
    return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + fraction(text);
}

std::string format_time(TimePoint time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::string text =
        fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        text += fmt::format(".{:06}", clock.subseconds().count());
    }
    return text;
}

std::chrono::milliseconds parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, count);
    const std::string_view unit(end, static_cast<std::size_t>(last - end));
    if (error == std::errc{} && count >= 0) {
        if (count == 0 && unit.empty()) {
            return milliseconds{0};
        }
        for (const Unit& known : k_units) {
            if (unit == known.name && count <= 1'000'000'000'000 / known.milliseconds) {
                return milliseconds{count * known.milliseconds};
            }
        }
    }
    throw Error(ErrorKind::config,
                fmt::format("\"{}\" is not a duration: write a number and one of ms, s, min, h, d, "
                            "for example 10min",
                            text));
}

std::string format_duration(std::chrono::milliseconds duration) {
    const std::int64_t count = duration.count();
    if (count == 0) {
        return "0s";
    }
    Unit best = k_units.front();
    for (const Unit& unit : k_units) {
        if (count % unit.milliseconds == 0) {
            best = unit;
        }
    }
    return fmt::format("{}{}", count / best.milliseconds, best.name);
}

}  // namespace util
