// SPDX-License-Identifier: Apache-2.0
#include "gc/clock_check.hpp"

#include "support/failure.hpp"

#include <doctest/doctest.h>

using gc::check_clock;
using gc::ClockFinding;
using gc::ClockState;
using test::failure_of;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_now = util::parse_time("2026-05-01 12:00:00");

// Tokens issued that long before now, or after it, with different validities.
std::vector<gc::IssuedToken> issued(std::initializer_list<std::chrono::seconds> ages) {
    std::vector<gc::IssuedToken> tokens;
    std::int64_t validity = 3600;
    for (const auto age : ages) {
        tokens.push_back({.expiration = k_now - age + std::chrono::seconds{validity},
                          .validity_seconds = validity});
        validity += 3600;
    }
    return tokens;
}

ClockFinding finding(std::initializer_list<std::chrono::seconds> ages,
                     const gc::ClockSettings& settings = {}) {
    return check_clock(issued(ages), k_now, settings);
}

}  // namespace

TEST_CASE("tokens issued just now make the clock plausible") {
    const ClockFinding result = finding({2s, 10s, 30s});
    CHECK(result.state == ClockState::plausible);
    CHECK(result.shift == 0min);
    CHECK(result.text.find("2026-05-01 11:59:58") != std::string::npos);
}

TEST_CASE("one token issued just now is enough to believe the clock") {
    CHECK(finding({1s}).state == ClockState::plausible);
    CHECK(finding({-2h, -2h, -2h, 1s}).state == ClockState::plausible);
}

TEST_CASE("tokens that all seem to be issued an hour or two ago come from another zone") {
    for (const auto shift : {1h, 2h, 5h, 14h}) {
        CAPTURE(shift.count());
        const ClockFinding result = finding({shift + 3s, shift + 10s, shift + 60s});
        CHECK(result.state == ClockState::shifted);
        CHECK(result.shift == shift);
    }
}

TEST_CASE("tokens issued in the future come from another zone") {
    const ClockFinding result = finding({-2h, -2h + 5s, -2h + 20s});
    CHECK(result.state == ClockState::shifted);
    CHECK(result.shift == -120min);
    CHECK(result.text.find("120 min after") != std::string::npos);
}

TEST_CASE("zones of half hours count, quarters do not") {
    CHECK(finding({5h + 30min, 5h + 31min, 5h + 32min}).state == ClockState::shifted);
    CHECK(finding({-5h - 30min, -5h - 29min, -5h - 28min}).state == ClockState::shifted);
    CHECK(finding({5h + 45min, 5h + 46min, 5h + 47min}).state == ClockState::plausible);
}

TEST_CASE("a quiet server is not taken for one in another zone") {
    CHECK(finding({17min, 18min, 19min}).state == ClockState::plausible);
    CHECK(finding({1h + 10min, 2h, 3h}).state == ClockState::plausible);
    CHECK(finding({72h, 73h, 74h}).state == ClockState::plausible);
    CHECK(finding({14h + 30min, 15h, 16h}).state == ClockState::plausible);
}

TEST_CASE("a shift may be as inexact as the tolerance and no more") {
    CHECK(finding({2h + 5min, 2h + 6min, 2h + 7min}).state == ClockState::shifted);
    CHECK(finding({2h + 5min + 1s, 2h + 6min, 2h + 7min}).state == ClockState::plausible);
    CHECK(finding({2h + 6min, 2h + 6min, 2h + 7min}, {.tolerance = 6min}).state ==
          ClockState::shifted);
}

TEST_CASE("the order of the tokens does not matter, the newest counts") {
    CHECK(finding({9h + 13min, 2h, 7h + 7min}).state == ClockState::shifted);
    CHECK(finding({9h, 1s, 7h}).state == ClockState::plausible);
}

TEST_CASE("fewer than three tokens cannot tell another zone") {
    CHECK(finding({2h, 2h + 1s}).state == ClockState::unknown);
    CHECK(finding({-2h, -2h + 1s}).state == ClockState::unknown);
    CHECK(finding({-2h, -2h + 1s, 20min}).state == ClockState::unknown);
}

TEST_CASE("no token at all leaves the zone unknown, which does not stop a run") {
    const ClockFinding result = finding({});
    CHECK(result.state == ClockState::unknown);
    CHECK_NOTHROW(gc::require_plausible(result));
}

TEST_CASE("a shifted clock stops a run and names the option that helps") {
    const auto failure = failure_of([] { gc::require_plausible(finding({2h, 2h, 2h})); });
    CHECK(failure.kind == util::ErrorKind::data);
    CHECK(failure.says("120 min before"));
    CHECK(failure.says("database.time_zone"));
    CHECK(failure.says("--ignore-clock-check"));
}

TEST_CASE("an ignored shift is named as such and does not stop a run") {
    const ClockFinding result = finding({2h, 2h, 2h}, {.ignore = true});
    CHECK(result.state == ClockState::ignored);
    CHECK(result.shift == 120min);
    CHECK_NOTHROW(gc::require_plausible(result));
}

TEST_CASE("to ignore the check changes nothing about a plausible clock") {
    CHECK(finding({1s, 2s, 3s}, {.ignore = true}).state == ClockState::plausible);
    CHECK(finding({}, {.ignore = true}).state == ClockState::unknown);
}

TEST_CASE("every state of the clock has a name") {
    CHECK(gc::name(ClockState::plausible) == "plausible");
    CHECK(gc::name(ClockState::unknown) == "unknown");
    CHECK(gc::name(ClockState::shifted) == "shifted");
    CHECK(gc::name(ClockState::ignored) == "ignored");
}
