// SPDX-License-Identifier: Apache-2.0
#include "util/time.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>

using namespace std::chrono_literals;
using util::format_duration;
using util::format_time;
using util::parse_duration;
using util::parse_time;

TEST_CASE("a time is read with and without a fraction, with a blank or a T") {
    const util::TimePoint noon = std::chrono::sys_days{2026y / 5 / 1} + 12h;
    CHECK(parse_time("2026-05-01 12:00:00") == noon);
    CHECK(parse_time("2026-05-01T12:00:00") == noon);
    CHECK(parse_time("2026-05-01 12:00:00.5") == noon + 500ms);
    CHECK(parse_time("2026-05-01 12:00:00.000001") == noon + 1us);
    CHECK(parse_time("2024-02-29 23:59:59.999999") == std::chrono::sys_days{2024y / 3 / 1} - 1us);
}

TEST_CASE("what is no time is refused") {
    for (const std::string text : {"",
                                   "2026-05-01",
                                   "2026-05-01 12:00",
                                   "2026-05-01 12:00:00.",
                                   "2026-05-01 12:00:00.1234567",
                                   "2026-05-01 12:00:00Z",
                                   "2026-05-01 12:00:00+02",
                                   "2026-02-30 12:00:00",
                                   "2025-02-29 12:00:00",
                                   "2026-13-01 12:00:00",
                                   "2026-00-01 12:00:00",
                                   "2026-05-01 24:00:00",
                                   "2026-05-01 12:60:00",
                                   "2026-05-01 12:00:61",
                                   "2026/05/01 12:00:00",
                                   " 2026-05-01 12:00:00",
                                   "2026-05-01 -0:00:00",
                                   "2026-05-01 12:00:00.-0",
                                   "2026-05-01 1x:00:00",
                                   "infinity"}) {
        CAPTURE(text);
        try {
            parse_time(text);
            FAIL("was taken");
        } catch (const util::Error& error) {
            CHECK(error.kind() == util::ErrorKind::data);
        }
    }
}

TEST_CASE("a time shows a fraction only when it has one") {
    CHECK(format_time(parse_time("2026-05-01T12:00:00")) == "2026-05-01 12:00:00");
    CHECK(format_time(parse_time("2026-05-01 12:00:00.0")) == "2026-05-01 12:00:00");
    CHECK(format_time(parse_time("2026-05-01 02:03:04.05")) == "2026-05-01 02:03:04.050000");
    CHECK(format_time(parse_time("1969-12-31 23:59:59.9")) == "1969-12-31 23:59:59.900000");
}

TEST_CASE("every time that is printed is read back as it was") {
    const std::uint32_t seed = 20260501;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::int64_t> moments(0, 4'102'444'800'000'000);
    for (int i = 0; i < 1000; ++i) {
        const util::TimePoint time{std::chrono::microseconds{moments(random)}};
        CAPTURE(format_time(time));
        CHECK(parse_time(format_time(time)) == time);
    }
}

TEST_CASE("a duration is a whole number with a unit") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("10min") == 10min);
    CHECK(parse_duration("1h") == 1h);
    CHECK(parse_duration("2d") == 48h);
    CHECK(parse_duration("0") == 0ms);
    CHECK(parse_duration("0h") == 0ms);
}

TEST_CASE("what is no duration is refused") {
    for (const std::string text :
         {"", "1", "h", "-1s", "+1s", "1.5h", "1 h", "1H", "1m", "1sec", "1h30min", "1e3s",
          "99999999999999999999d", "9223372036854775807d"}) {
        CAPTURE(text);
        try {
            parse_duration(text);
            FAIL("was taken");
        } catch (const util::Error& error) {
            CHECK(error.kind() == util::ErrorKind::config);
        }
    }
}

TEST_CASE("a duration is printed in the largest unit that is exact") {
    CHECK(format_duration(0ms) == "0s");
    CHECK(format_duration(1500ms) == "1500ms");
    CHECK(format_duration(90s) == "90s");
    CHECK(format_duration(3600s) == "1h");
    CHECK(format_duration(25h) == "25h");
    CHECK(format_duration(48h) == "2d");
    for (const auto duration : {1ms, 999ms, 60'000ms, 86'400'000ms, 86'400'001ms}) {
        CHECK(parse_duration(format_duration(duration)) == duration);
    }
}
