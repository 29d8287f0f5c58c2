// SPDX-License-Identifier: Apache-2.0
#include "gc/desk.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

gc::Desk desk_of(const std::string& server, std::int64_t rows) {
    return {.server = server,
            .tables = {{"access_token", {.rows = rows, .bytes = rows * 400, .row_bytes = 200}},
                       {"token_scope", {.rows = rows * 4, .bytes = rows * 160, .row_bytes = 30}}},
            .log = server.starts_with("PostgreSQL") ? "WAL" : "binary log"};
}

}  // namespace

TEST_CASE("the share of a table whose size is not known is not known") {
    const gc::Desk desk = desk_of("MariaDB 10.11.6", 1000);
    CHECK(gc::share(desk, "access_token", 250) == 0.25);
    CHECK(gc::share(desk, "access_token", 5000) == 1.0);
    CHECK(!gc::share(desk, "device_code", 1));
    CHECK(!gc::share(desk_of("SQLite 3.40.1", 0), "access_token", 1));
}

TEST_CASE(
    "half of the time for pauses doubles the time, and a limit of rows can only lengthen it") {
    const gc::Desk desk = desk_of("MariaDB 10.11.6", 1000);
    const auto seconds = [&](gc::ThrottleSettings settings) {
        return gc::time_at_throttle(desk, 10'000'000, settings).count() - 1;
    };
    CHECK(seconds({.busy_share = 1}) * 2 == seconds({.busy_share = 0.5}));
    CHECK(seconds({.busy_share = 0.5, .rows_per_second = 1000}) == 10'000);
    CHECK(seconds({.busy_share = 0.1, .full_speed = true}) == seconds({.busy_share = 1}));
}

TEST_CASE(
    "the log holds row images on MariaDB, at most every page on PostgreSQL, nothing without") {
    CHECK(gc::log_bytes(desk_of("MariaDB 10.11.6", 1000), {{"access_token", 10}}) == 10 * 220);
    CHECK(gc::log_bytes(desk_of("PostgreSQL 15.5", 1000), {{"access_token", 1000}}) ==
          1000 * 60 + 400'000);
    gc::Desk silent = desk_of("MariaDB 10.11.6", 1000);
    silent.log.clear();
    CHECK(gc::log_bytes(silent, {{"access_token", 10}}) == 0);
}

TEST_CASE("only when most of a big table goes there is a runbook, in the words of the server") {
    const gc::Desk maria = desk_of("MariaDB 10.11.6", 1'000'000);
    CHECK(gc::runbook(maria, {{"access_token", 400'000}}).empty());
    CHECK(gc::runbook(desk_of("MariaDB 10.11.6", 1000), {{"access_token", 900}}).empty());
    CHECK(gc::runbook(maria, {{"access_token", 600'000}}).size() > 3);
    CHECK(gc::give_back(maria, {{"access_token", 600'000}}).front() ==
          "OPTIMIZE TABLE access_token;");
    CHECK(gc::give_back(desk_of("PostgreSQL 15.5", 1'000'000), {{"access_token", 600'000}})
              .front()
              .find("pg_repack") != std::string::npos);
}

TEST_CASE("an estimate takes holders and satellites in the proportion of their tokens") {
    gc::Desk desk = desk_of("MariaDB 10.11.6", 1000);
    desk.tables["authentication_holder"] = {.rows = 600};
    desk.expired[gc::Target::access_token] = 250;
    gc::Plan plan;
    plan.targets = {
        {.target = gc::Target::access_token,
         .satellites = {gc::Satellite{"token_scope", "owner_id", "access_token", "id"}}},
        {.target = gc::Target::authentication_holder},
        {.target = gc::Target::refresh_token, .state = gc::TargetState::refused}};
    const gc::Tally tally = gc::estimated_tally(desk, plan);
    CHECK(tally.at(gc::Target::access_token).removed == 250);
    CHECK(tally.at(gc::Target::access_token).satellites.at("token_scope") == 1000);
    CHECK(tally.at(gc::Target::authentication_holder).removed == 150);
    CHECK(!tally.contains(gc::Target::refresh_token));
}
