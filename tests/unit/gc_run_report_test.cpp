// SPDX-License-Identifier: Apache-2.0
#include "gc/run_report.hpp"

#include <doctest/doctest.h>

#include <limits>

using gc::add;
using gc::Tally;
using gc::Target;
using gc::TargetTally;

TEST_CASE("tallies are added target by target, reason by reason and table by table") {
    Tally sum{{Target::access_token,
               {.scanned = 3,
                .removed = 2,
                .kept = {{"locked", 1}},
                .satellites = {{"token_scope", 5}}}}};
    add(sum, {{Target::access_token,
               {.scanned = 4,
                .removed = 1,
                .vanished = 2,
                .kept = {{"locked", 1}, {"changed", 1}},
                .satellites = {{"token_scope", 1}, {"access_token_permissions", 7}}}},
              {Target::refresh_token, {.removed = 9}}});
    const TargetTally& tokens = sum.at(Target::access_token);
    CHECK(tokens.scanned == 7);
    CHECK(tokens.removed == 3);
    CHECK(tokens.vanished == 2);
    CHECK(tokens.kept == std::map<std::string, std::int64_t>{{"changed", 1}, {"locked", 2}});
    CHECK(tokens.satellites ==
          std::map<std::string, std::int64_t>{{"access_token_permissions", 7}, {"token_scope", 6}});
    CHECK(sum.at(Target::refresh_token).removed == 9);
}

TEST_CASE("the first twenty locked rows are named, all of them are counted") {
    Tally sum;
    for (gc::Id id = 1; id <= 50; ++id) {
        add(sum, {{Target::access_token, {.kept = {{"locked", 1}}, .locked = {id}}}});
    }
    CHECK(sum.at(Target::access_token).locked.size() == 20);
    CHECK(sum.at(Target::access_token).locked.front() == 1);
    CHECK(sum.at(Target::access_token).locked.back() == 20);
    CHECK(sum.at(Target::access_token).kept.at("locked") == 50);
}

TEST_CASE("rows touched are rows of targets and their satellites, ownerless ones counted once") {
    const Tally tally{
        {Target::access_token, {.removed = 2, .satellites = {{"token_scope", 6}}}},
        {Target::satellite, {.removed = 5, .satellites = {{"token_scope", 3}, {"a", 2}}}}};
    CHECK(gc::rows_touched(tally) == 2 + 6 + 5);
    CHECK(gc::rows_removed(tally) == 7);
    CHECK(gc::rows_touched({}) == 0);
}

TEST_CASE("what max_rows leaves is never less than nothing, and without a limit it is boundless") {
    const Tally tally{{Target::access_token, {.removed = 7, .satellites = {{"token_scope", 6}}}}};
    CHECK(gc::rows_left(10, tally) == 3);
    CHECK(gc::rows_left(7, tally) == 0);
    CHECK(gc::rows_left(5, tally) == 0);
    CHECK(gc::rows_left(0, tally) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("pauses are summed by reason and together") {
    gc::RunReport report;
    report.add_pause("retry", std::chrono::milliseconds{50});
    report.add_pause("busy_share", std::chrono::milliseconds{200});
    report.add_pause("retry", std::chrono::milliseconds{70});
    CHECK(report.pauses.at("retry").count() == 120);
    CHECK(report.pauses.at("busy_share").count() == 200);
    CHECK(report.paused.count() == 320);
}

TEST_CASE("every reason to stop has the name that scripts look for") {
    CHECK(gc::name(gc::StopReason::done) == "done");
    CHECK(gc::name(gc::StopReason::max_rows) == "max_rows");
    CHECK(gc::name(gc::StopReason::max_time) == "max_time");
    CHECK(gc::name(gc::StopReason::window) == "window");
    CHECK(gc::name(gc::StopReason::throttle) == "throttle");
    CHECK(gc::name(gc::StopReason::signal) == "signal");
}
