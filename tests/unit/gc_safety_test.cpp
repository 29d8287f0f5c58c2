// SPDX-License-Identifier: Apache-2.0
#include "gc/safety.hpp"
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using gc::Target;
using test::failure_of;
using util::ErrorKind;
using namespace std::chrono_literals;

namespace {

const gc::Id k_id = 1;

std::chrono::sys_time<std::chrono::milliseconds> host_time(const std::string& text) {
    return std::chrono::floor<std::chrono::milliseconds>(util::parse_time(text));
}

gc::DatabaseClock clock(const std::string& text) {
    return {.now = util::parse_time(text),
            .unix_milliseconds = host_time(text).time_since_epoch().count()};
}

std::vector<gc::Candidate> rows(int expired, int unexpired, util::TimePoint now) {
    std::vector<gc::Candidate> candidates;
    for (int i = 0; i < expired + unexpired; ++i) {
        candidates.push_back({.id = k_id + i, .expiration = i < expired ? now : now + 1s});
    }
    return candidates;
}

gc::Tally removed(Target target, std::int64_t count) {
    gc::Tally tally;
    tally[target].removed = count;
    return tally;
}

}  // namespace

TEST_CASE("a database clock up to the tolerance away from the host's is sane, further it is not") {
    const auto at = [](const std::string& database, const std::string& host) {
        return failure_of([&] {
            gc::require_sane_clock(clock(database), host_time(host), {.host_tolerance = 5min});
        });
    };
    CHECK_FALSE(at("2026-05-01 12:00:00", "2026-05-01 12:00:00").kind.has_value());
    CHECK_FALSE(at("2026-05-01 12:05:00", "2026-05-01 12:00:00").kind.has_value());
    CHECK_FALSE(at("2026-05-01 11:55:00", "2026-05-01 12:00:00").kind.has_value());
    CHECK(at("2026-05-01 12:05:01", "2026-05-01 12:00:00").kind == ErrorKind::data);
    CHECK(at("2026-05-01 11:54:59", "2026-05-01 12:00:00").kind == ErrorKind::data);
}

TEST_CASE("a year before 2020 is no time, even if both clocks agree on it") {
    const auto failure = failure_of([] {
        gc::require_sane_clock(clock("2019-12-31 23:59:59"), host_time("2019-12-31 23:59:59"), {});
    });
    CHECK(failure.kind == ErrorKind::data);
    CHECK_FALSE(failure_of([] {
                    gc::require_sane_clock(clock("2020-01-01 00:00:00"),
                                           host_time("2020-01-01 00:00:00"), {});
                }).kind.has_value());
}

TEST_CASE("the session's zone is no difference between the clocks") {
    gc::DatabaseClock elsewhere = clock("2026-05-01 12:00:00");
    elsewhere.now += 10h;
    CHECK_FALSE(failure_of([&] {
                    gc::require_sane_clock(elsewhere, host_time("2026-05-01 12:00:00"), {});
                }).kind.has_value());
}

TEST_CASE("one row that has not expired is one too many, unless the settings allow it") {
    const gc::Plan plan;
    const util::TimePoint now = util::parse_time("2026-05-01 12:00:00");
    const gc::PlannedTarget planned{.policy = {.now = now, .cutoff = now}};
    struct Row {
        gc::SafetySettings settings{};
        int expired = 0;
        int unexpired = 0;
        bool refused = false;
    };
    for (const Row& row : std::vector<Row>{
             {{}, 100, 0, false},
             {{}, 100, 1, true},
             {{.max_unexpired_rows = 5}, 0, 5, false},
             {{.max_unexpired_rows = 5}, 1000, 6, true},
             {{.max_unexpired_share = 0.1}, 90, 10, false},
             {{.max_unexpired_share = 0.1}, 89, 11, true},
             {{.max_unexpired_rows = 20, .max_unexpired_share = 0.1}, 80, 20, false}}) {
        CAPTURE(row.expired);
        CAPTURE(row.unexpired);
        gc::Safety safety(row.settings, plan);
        const auto failure = failure_of(
            [&] { safety.before_removal(planned, rows(row.expired, row.unexpired, now)); });
        CHECK(failure.kind.has_value() == row.refused);
        CHECK((!row.refused || failure.kind == ErrorKind::data));
    }
}

TEST_CASE("rows that have not expired add up over the whole run") {
    const gc::Plan plan;
    const gc::SafetySettings settings{.max_unexpired_rows = 5};
    gc::Safety safety(settings, plan);
    const util::TimePoint now = util::parse_time("2026-05-01 12:00:00");
    const gc::PlannedTarget planned{.policy = {.now = now, .cutoff = now}};
    safety.before_removal(planned, rows(0, 3, now));
    CHECK(failure_of([&] { safety.before_removal(planned, rows(0, 3, now)); }).kind.has_value());
}

TEST_CASE("a batch that removed more rows of a target than it has candidates is refused") {
    CHECK_FALSE(failure_of([] {
                    gc::Safety::before_commit(removed(Target::access_token, 10), 10);
                }).kind.has_value());
    CHECK(failure_of([] {
              gc::Safety::before_commit(removed(Target::authentication_holder, 11), 10);
          }).kind == ErrorKind::data);
}

TEST_CASE("more removed than was there is refused beyond 10000 rows and the tolerance") {
    gc::Plan plan;
    const auto refused = [&](std::int64_t expected, std::int64_t count) {
        plan.expected[Target::access_token] = expected;
        const gc::SafetySettings settings{.tolerance = 0.1};
        const gc::Safety safety(settings, plan);
        return failure_of([&] { safety.after_batch(removed(Target::access_token, count)); })
            .kind.has_value();
    };
    CHECK_FALSE(refused(0, 10'000));
    CHECK(refused(0, 10'001));
    CHECK_FALSE(refused(50'000, 60'000));
    CHECK(refused(50'000, 60'001));
    CHECK_FALSE(refused(1'000'000, 1'100'000));
    CHECK(refused(1'000'000, 1'100'001));
}

TEST_CASE("a target that nobody counted has no bound") {
    const gc::Plan plan;
    const gc::SafetySettings settings{};
    const gc::Safety safety(settings, plan);
    CHECK_FALSE(failure_of([&] {
                    safety.after_batch(removed(Target::access_token, 1'000'000'000));
                }).kind.has_value());
}
