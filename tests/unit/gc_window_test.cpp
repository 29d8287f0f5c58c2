// SPDX-License-Identifier: Apache-2.0
#include "gc/window.hpp"
#include "util/local_time.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

using gc::parse_window;
using gc::Window;
using namespace std::chrono_literals;

namespace {

std::chrono::seconds at(int hours, int minutes, int seconds = 0) {
    return std::chrono::hours{hours} + std::chrono::minutes{minutes} +
           std::chrono::seconds{seconds};
}

}  // namespace

TEST_CASE("a window is open from its first minute up to, and not at, its last") {
    const Window window = *parse_window("01:00-05:30");
    CHECK_FALSE(is_open(window, at(0, 0)));
    CHECK_FALSE(is_open(window, at(0, 59, 59)));
    CHECK(is_open(window, at(1, 0)));
    CHECK(is_open(window, at(5, 29, 59)));
    CHECK_FALSE(is_open(window, at(5, 30)));
    CHECK_FALSE(is_open(window, at(23, 59, 59)));
}

TEST_CASE("a window that ends before it begins goes over midnight") {
    const Window window = *parse_window("23:00-04:30");
    CHECK(is_open(window, at(23, 0)));
    CHECK(is_open(window, at(23, 59, 59)));
    CHECK(is_open(window, at(0, 0)));
    CHECK(is_open(window, at(4, 29, 59)));
    CHECK_FALSE(is_open(window, at(4, 30)));
    CHECK_FALSE(is_open(window, at(22, 59, 59)));
}

TEST_CASE("every second of the day is either in a window or in the one of the other hours") {
    for (const auto& [text, rest] : std::vector<std::pair<std::string, std::string>>{
             {"01:00-05:00", "05:00-01:00"}, {"00:00-12:00", "12:00-00:00"}}) {
        const Window window = *parse_window(text);
        const Window others = *parse_window(rest);
        for (std::chrono::seconds time{0}; time < 24h; time += 7s) {
            REQUIRE(is_open(window, time) != is_open(others, time));
        }
    }
}

TEST_CASE("a closed window opens after the time that is said, and not a second before") {
    for (const std::string text : {"01:00-05:00", "23:00-04:30", "00:00-00:01", "12:00-11:00"}) {
        CAPTURE(text);
        const Window window = *parse_window(text);
        for (std::chrono::seconds time{0}; time < 24h; time += 61s) {
            if (is_open(window, time)) {
                continue;
            }
            const auto wait = until_open(window, time);
            REQUIRE(wait > 0s);
            REQUIRE(wait < 24h);
            REQUIRE(is_open(window, (time + wait) % 24h));
            REQUIRE_FALSE(is_open(window, (time + wait - 1s) % 24h));
        }
    }
}

TEST_CASE("a window is read as it is written") {
    for (const std::string text : {"01:00-05:00", "23:00-04:30", "00:00-23:59"}) {
        CHECK(to_string(*parse_window(text)) == text);
    }
}

TEST_CASE("what is no window is not taken for one") {
    for (const std::string text :
         {"", "01:00", "1:00-5:00", "01:00-24:00", "01:60-05:00", "01:00-01:00", "01:00 05:00",
          "01:00-05:00 ", " 01:00-05:00", "01-05", "+1:00-05:00", "01:00--5:00", "0a:00-05:00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_window(text));
    }
}

TEST_CASE("the local time lies in the day, and its zone has a name and an offset") {
    const util::LocalTime time = util::local_time();
    CHECK(time.time_of_day >= 0s);
    CHECK(time.time_of_day <= 24h);
    CHECK(time.zone.find(" (UTC") != std::string::npos);
    CHECK(time.zone.ends_with(")"));
}

TEST_CASE("the local time follows TZ") {
    const char* const value = std::getenv("TZ");
    const std::string before = value == nullptr ? "" : value;
    setenv("TZ", "XST-05:30", 1);
    const util::LocalTime east = util::local_time();
    setenv("TZ", "YST+03", 1);
    const util::LocalTime west = util::local_time();
    value == nullptr ? unsetenv("TZ") : setenv("TZ", before.c_str(), 1);
    CHECK(east.zone == "XST (UTC+05:30)");
    CHECK(west.zone == "YST (UTC-03:00)");
    const auto apart = (east.time_of_day - west.time_of_day + 48h) % 24h;
    CHECK(apart <= 8h + 30min);
    CHECK(apart >= 8h + 30min - 5s);
}
