// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using sim::Operation;

std::vector<sim::Step> steps_of(const sim::ScheduleSettings& settings) {
    sim::Schedule schedule(settings);
    std::vector<sim::Step> steps;
    while (const auto step = schedule.next()) {
        steps.push_back(*step);
    }
    return steps;
}

auto essence(const sim::Step& step) {
    return std::tuple(step.at_us, step.operation, step.subject, step.result, step.client,
                      step.lifetime_s, step.seed);
}

}  // namespace

TEST_CASE("the same seed gives the same requests, another seed others") {
    const auto first = steps_of({.seed = 5, .seconds = 60});
    const auto again = steps_of({.seed = 5, .seconds = 60});
    const auto other = steps_of({.seed = 6, .seconds = 60});
    REQUIRE(first.size() == again.size());
    std::size_t same_as_other = 0;
    for (std::size_t index = 0; index < first.size(); ++index) {
        CHECK(essence(first[index]) == essence(again[index]));
        same_as_other += first[index].operation == other[index].operation &&
                                 first[index].client == other[index].client
                             ? 1U
                             : 0U;
    }
    CHECK(same_as_other < first.size() / 2);
}

TEST_CASE("requests are due at even distances for the whole time") {
    const auto steps = steps_of({.rate = 250, .seconds = 4});
    REQUIRE(steps.size() == 1000);
    for (std::size_t index = 0; index < steps.size(); ++index) {
        CHECK(steps[index].at_us == static_cast<std::int64_t>(index) * 4000);
    }
}

TEST_CASE("a family is left alone for a second at least after each request on it") {
    std::map<std::uint64_t, std::int64_t> last;
    for (const sim::Step& step : steps_of({.rate = 200, .seconds = 60})) {
        if (last.contains(step.subject)) {
            CHECK(step.at_us - last.at(step.subject) >= 1'000'000);
        }
        last[step.subject] = step.at_us;
        if (step.result != 0) {
            last[step.result] = step.at_us;
        }
    }
}

TEST_CASE("codes are redeemed after they were made, devices poll after they were approved") {
    std::map<std::uint64_t, Operation> last;
    std::map<Operation, int> counts;
    for (const sim::Step& step : steps_of({.rate = 200, .seconds = 120})) {
        ++counts[step.operation];
        if (step.operation == Operation::redeem) {
            CHECK(last.at(step.subject) == Operation::authorize);
        } else if (step.operation == Operation::device_approve) {
            CHECK(last.at(step.subject) == Operation::device_create);
        } else if (step.operation == Operation::device_poll) {
            CHECK(last.at(step.subject) == Operation::device_approve);
        }
        last[step.subject] = step.operation;
    }
    CHECK(counts[Operation::redeem] < counts[Operation::authorize]);
    CHECK(counts[Operation::redeem] > counts[Operation::authorize] * 3 / 4);
    CHECK(counts[Operation::device_poll] > 0);
}

TEST_CASE("nothing is asked of a token that was revoked or is about to expire") {
    std::map<std::uint64_t, std::int64_t> ends;
    std::set<std::uint64_t> revoked;
    for (const sim::Step& step :
         steps_of({.rate = 200, .seconds = 60, .lifetimes = {{20, 1}, {3600, 1}}})) {
        CHECK_FALSE(revoked.contains(step.subject));
        const bool needs_token =
            step.operation == Operation::introspect || step.operation == Operation::exchange;
        if (needs_token) {
            CHECK(ends.at(step.subject) > step.at_us + 4'000'000);
        }
        const std::int64_t end = step.at_us + step.lifetime_s * 1'000'000;
        if (step.operation == Operation::exchange) {
            ends[step.result] = end;
        } else if (sim::issues(step.operation)) {
            ends[step.subject] = end;
        } else if (step.operation == Operation::revoke && step.seed % 2 == 0) {
            revoked.insert(step.subject);
        }
    }
}

TEST_CASE("families that were there before are worked on, and their numbers are not given again") {
    const auto steps =
        steps_of({.rate = 200,
                  .seconds = 10,
                  .mix = {1, 0, 0, 0, 1, 0, 0},
                  .known = {{.subject = 900, .expires_us = -1, .has_refresh_token = true}}});
    int refreshed = 0;
    for (const sim::Step& step : steps) {
        if (step.operation == Operation::refresh) {
            CHECK(step.subject == 900);
            ++refreshed;
        } else {
            CHECK(step.subject > 900);
        }
    }
    CHECK(refreshed > 2);
}

TEST_CASE("a mix of one operation gives that operation alone") {
    for (const sim::Step& step : steps_of({.seconds = 5, .mix = {1, 0, 0, 0, 0, 0, 0}})) {
        CHECK(step.operation == Operation::client_credentials);
    }
}
