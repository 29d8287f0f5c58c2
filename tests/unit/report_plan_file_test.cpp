// SPDX-License-Identifier: Apache-2.0
#include "report/plan_file.hpp"

#include "report/reconcile.hpp"
#include "util/error.hpp"
#include "util/sealed_json.hpp"
#include "util/sha256.hpp"

#include <doctest/doctest.h>

#include <string>

using gc::Target;

namespace {

report::PlanFile plan_with(std::int64_t removed) {
    report::PlanFile plan{.head = {.version = "1",
                                   .database_url = "mysql://db/iam",
                                   .server = "MariaDB",
                                   .database = "iam",
                                   .level = "V108"}};
    plan.fingerprint = "schema";
    plan.configuration = "settings";
    plan.created = 1000;
    plan.expires = 5000;
    plan.clock.now = util::parse_time("2026-05-01 12:00:00");
    plan.cutoff = util::parse_time("2026-05-01 11:00:00");
    report::PlannedRows& tokens = plan.targets[Target::access_token];
    tokens.state = "planned";
    tokens.tally = {.scanned = removed + 2,
                    .removed = removed,
                    .kept = {{"registration", 2}},
                    .satellites = {{"token_scope", 2 * removed}}};
    tokens.ids = {.rows = removed, .first = 7, .last = 9000};
    plan.targets[Target::authentication_holder].state = "planned";
    plan.targets[Target::authentication_holder].safe_point = 42;
    plan.clients["pilot"][Target::access_token] = {.rows = 5, .first = 8, .last = 90};
    return plan;
}

const report::Reconciled& row_of(const std::vector<report::Reconciled>& rows,
                                 const std::string& table) {
    for (const report::Reconciled& row : rows) {
        if (row.table == table) {
            return row;
        }
    }
    FAIL("no row for " << table);
    return rows.front();
}

}  // namespace

TEST_CASE("a SHA-256 is that of FIPS 180-4's example") {
    CHECK(util::sha256_hex("abc") ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a sealed document is refused when one of its values was changed, not its blanks") {
    const std::string text = util::sealed({{"kind", "test"}, {"schema_version", 1}, {"rows", 3}});
    const util::Sealed what{.kind = "test", .version = 1, .path = "file"};
    CHECK(util::open_sealed(util::SealedJson::parse(text).dump(), what).at("rows") == 3);
    std::string altered = text;
    altered.replace(altered.find("3"), 1, "4");
    CHECK_THROWS_WITH_AS(util::open_sealed(altered, what), doctest::Contains("was altered"),
                         util::Error);
    CHECK_THROWS_WITH_AS(util::open_sealed("{", what), doctest::Contains("is no test"),
                         util::Error);
    CHECK_THROWS_WITH_AS(util::open_sealed(text, {.kind = "test", .version = 2, .path = "file"}),
                         doctest::Contains("does not know"), util::Error);
}

TEST_CASE("a plan that is read says what was written") {
    const report::PlanFile plan = plan_with(100);
    const report::PlanFile read = report::parse_plan(report::to_json(plan), "plan.json");
    CHECK(report::refusal(read, plan) == "");
    CHECK(read.cutoff == plan.cutoff);
    CHECK(read.clock.now == plan.clock.now);
    CHECK(read.clock.unix_milliseconds == 1000);
    CHECK(read.targets.at(Target::authentication_holder).safe_point == 42);
    CHECK(read.targets.at(Target::access_token).tally.kept.at("registration") == 2);
    CHECK(read.targets.at(Target::access_token).ids.last == 9000);
    CHECK(read.clients.at("pilot").at(Target::access_token).rows == 5);
    CHECK(read.sha256.size() == 64);
}

TEST_CASE("a plan is refused for another version, database, level, schema or configuration") {
    const report::PlanFile plan = plan_with(1);
    report::PlanFile now = plan;
    now.head.version = "2";
    CHECK(report::refusal(plan, now).find("version 1") != std::string::npos);
    now = plan;
    now.head.database_url = "mysql://other/iam";
    CHECK(report::refusal(plan, now).find("mysql://db/iam") != std::string::npos);
    now = plan;
    now.head.level = "V121";
    CHECK(report::refusal(plan, now).find("V108") != std::string::npos);
    now = plan;
    now.fingerprint = "other";
    CHECK(report::refusal(plan, now).find("schema") != std::string::npos);
    now = plan;
    now.configuration = "other";
    CHECK(report::refusal(plan, now).find("settings") != std::string::npos);
}

TEST_CASE("a plan is refused from the moment on at which it expires") {
    const report::PlanFile plan = plan_with(1);
    report::PlanFile now = plan;
    now.created = 4999;
    CHECK(report::refusal(plan, now) == "");
    now.created = 5000;
    CHECK(report::refusal(plan, now).find("expired at") != std::string::npos);
}

TEST_CASE("counts may differ from a plan by its tolerance and no more, in both directions") {
    const report::PlanFile plan = plan_with(100);
    const auto counted = [](std::int64_t rows) {
        return gc::Tally{{Target::access_token, {.removed = rows}}};
    };
    CHECK(report::drift(plan, counted(100), 0) == "");
    CHECK(report::drift(plan, counted(90), 0.1) == "");
    CHECK(report::drift(plan, counted(110), 0.1) == "");
    CHECK(report::drift(plan, counted(89), 0.1) != "");
    CHECK(report::drift(plan, counted(111), 0.1) != "");
    CHECK(report::drift(plan_with(0), counted(1), 1) != "");
}

TEST_CASE("a difference to the plan is explained by what vanished and what was extended") {
    gc::RunReport run;
    run.tally[Target::access_token] = {.scanned = 99,
                                       .removed = 90,
                                       .vanished = 3,
                                       .kept = {{"registration", 2}, {"changed", 4}},
                                       .satellites = {{"token_scope", 180}}};
    const auto rows = report::reconcile(plan_with(100), run, 6);
    const report::Reconciled& tokens = row_of(rows, "access_token");
    CHECK(tokens.planned == 100);
    CHECK(tokens.removed == 90);
    REQUIRE(tokens.reasons.size() == 4);
    CHECK(tokens.reasons[0].starts_with("3 vanished: removed by somebody else"));
    CHECK(tokens.reasons[1].starts_with("4 extended"));
    CHECK(tokens.reasons[2].starts_with("3 vanished: gone before"));
    CHECK(tokens.reasons[3].starts_with("6 more expired since"));
    CHECK(row_of(rows, "token_scope").planned == 200);
    CHECK(row_of(rows, "token_scope").reasons.size() == 1);
}

TEST_CASE("what a limit left is no row that vanished") {
    gc::RunReport run{.stop_reason = gc::StopReason::max_rows};
    run.tally[Target::access_token] = {.scanned = 12, .removed = 10, .kept = {{"registration", 2}}};
    const auto rows = report::reconcile(plan_with(100), run, std::nullopt);
    CHECK(row_of(rows, "access_token").reasons ==
          std::vector<std::string>{"90 left, because the run stopped before it was done"});
}

TEST_CASE("a run that did what was planned has nothing to explain") {
    gc::RunReport run;
    run.tally[Target::access_token] = plan_with(100).targets.at(Target::access_token).tally;
    for (const report::Reconciled& row : report::reconcile(plan_with(100), run, 0)) {
        CHECK(row.planned == row.removed);
        CHECK(row.reasons.empty());
    }
}
