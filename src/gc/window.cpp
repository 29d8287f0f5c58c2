// SPDX-License-Identifier: Apache-2.0
#include "gc/window.hpp"

#include <fmt/format.h>

namespace gc {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes k_day{24 * 60};

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

// "HH:MM".
std::optional<minutes> parse_time_of_day(std::string_view text) {
    if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) ||
        !is_digit(text[3]) || !is_digit(text[4])) {
        return std::nullopt;
    }
    const auto number = [&](std::size_t at) {
        return (text[at] - '0') * 10 + (text[at + 1] - '0');
    };
    if (number(0) > 23 || number(3) > 59) {
        return std::nullopt;
    }
    return minutes{number(0) * 60 + number(3)};
}

}  // namespace

std::optional<Window> parse_window(std::string_view text) {
    if (text.size() != 11 || text[5] != '-') {
        return std::nullopt;
    }
    const auto from = parse_time_of_day(text.substr(0, 5));
    const auto to = parse_time_of_day(text.substr(6));
    if (!from || !to || *from == *to) {
        return std::nullopt;
    }
    return Window{.from = *from, .to = *to};
}

std::string to_string(const Window& window) {
    const auto text = [](minutes time) {
        return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
    };
    return text(window.from) + "-" + text(window.to);
}

bool is_open(const Window& window, seconds time_of_day) {
    const bool begun = time_of_day >= window.from;
    const bool over = time_of_day >= window.to;
    return window.from < window.to ? begun && !over : begun || !over;
}

seconds until_open(const Window& window, seconds time_of_day) {
    const seconds today = window.from - time_of_day;
    return today.count() > 0 ? today : today + k_day;
}

}  // namespace gc
