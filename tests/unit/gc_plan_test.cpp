// SPDX-License-Identifier: Apache-2.0
#include "gc/plan.hpp"

#include "support/failure.hpp"
#include "unit/fake_run.hpp"
#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using gc::Plan;
using gc::Target;
using gc::TargetState;
using test::failure_of;
using test::iam_schema;
using test::mitreid_schema;
using util::ErrorKind;
using namespace std::chrono_literals;

namespace {

const gc::DatabaseClock k_clock{.now = util::parse_time("2026-05-01 12:00:00"),
                                .unix_milliseconds = 1'777'636'800'000};

const gc::PlanFacts k_facts{
    .clock = k_clock, .holder_safe_point = 1000, .user_auth_safe_point = 500};

Plan plan_of(const gc::Schema& schema, const gc::Settings& settings = {},
             const gc::PlanFacts& facts = k_facts) {
    return gc::make_plan(settings, schema, facts);
}

std::vector<std::string> tables_of(const gc::PlannedTarget& planned) {
    std::vector<std::string> tables;
    for (const gc::Satellite& satellite : planned.satellites) {
        tables.emplace_back(satellite.table);
    }
    return tables;
}

}  // namespace

TEST_CASE("a plan names every target once, in the order of work") {
    const Plan plan = plan_of(mitreid_schema());
    std::vector<Target> order;
    for (const gc::PlannedTarget& planned : plan.targets) {
        order.push_back(planned.target);
    }
    CHECK(std::equal(order.begin(), order.end(), gc::k_targets.begin(), gc::k_targets.end()));
}

TEST_CASE("on a complete IAM database everything is planned and nothing needs a remedy") {
    const Plan plan = plan_of(iam_schema());
    for (const gc::PlannedTarget& planned : plan.targets) {
        CAPTURE(gc::name(planned.target));
        CHECK(planned.state == TargetState::planned);
        CHECK(planned.reason == "");
        CHECK(planned.remedies.empty());
    }
}

TEST_CASE("the cut-off is now minus the grace, in the plan and for each target") {
    gc::Settings settings;
    settings.policy.grace = 90min;
    const Plan plan = plan_of(iam_schema(), settings);
    CHECK(plan.clock.now == k_clock.now);
    CHECK(plan.cutoff == k_clock.now - 90min);
    for (const gc::PlannedTarget& planned : plan.targets) {
        CHECK(planned.policy.now == k_clock.now);
        CHECK(planned.policy.cutoff == k_clock.now - 90min);
    }
}

TEST_CASE("only holders and user authentications get a safe point, each its own") {
    const Plan plan = plan_of(iam_schema());
    CHECK(plan.of(Target::authentication_holder).policy.safe_point == 1000);
    CHECK(plan.of(Target::saved_user_auth).policy.safe_point == 500);
    CHECK(plan.of(Target::access_token).policy.safe_point == std::nullopt);
    CHECK(plan.of(Target::permission).policy.safe_point == std::nullopt);
}

TEST_CASE("without a safe point holders and user authentications wait, all else is planned") {
    const Plan plan = plan_of(iam_schema(), {}, {.clock = k_clock});
    for (const Target target : gc::k_targets) {
        CAPTURE(gc::name(target));
        CHECK((plan.of(target).state == TargetState::waiting) == gc::needs_safe_point(target));
        CHECK(plan.active(target) == !gc::needs_safe_point(target));
    }
    CHECK(plan.of(Target::authentication_holder).reason.find("orphans.margin") !=
          std::string::npos);
}

TEST_CASE("user authentications wait alone when no old holder has one") {
    const Plan plan = plan_of(iam_schema(), {}, {.clock = k_clock, .holder_safe_point = 1000});
    CHECK(plan.active(Target::authentication_holder));
    CHECK(plan.of(Target::saved_user_auth).state == TargetState::waiting);
    CHECK(plan.of(Target::saved_user_auth).reason.find("user authentication") != std::string::npos);
}

TEST_CASE("a target that is switched off says so before anything else") {
    gc::Settings settings;
    settings.policy.switched_off = {Target::access_token, Target::iam_revoked_at,
                                    Target::saved_user_auth};
    const Plan plan = plan_of(mitreid_schema(), settings, {.clock = k_clock});
    CHECK(plan.of(Target::access_token).state == TargetState::switched_off);
    CHECK(plan.of(Target::access_token).reason == "targets.access_token is false");
    CHECK(plan.of(Target::iam_revoked_at).state == TargetState::switched_off);
    CHECK(plan.of(Target::saved_user_auth).state == TargetState::switched_off);
    CHECK(plan.of(Target::saved_user_auth).remedies.empty());
}

TEST_CASE("tables that a database does not have are absent, and that is no error") {
    const Plan plan = plan_of(mitreid_schema());
    for (const Target target : {Target::iam_revoked_at, Target::spring_session}) {
        CHECK(plan.of(target).state == TargetState::absent);
        CHECK(plan.of(target).reason.find("no table") != std::string::npos);
        CHECK_FALSE(plan.active(target));
    }
}

TEST_CASE("a target takes along the satellite tables that the database has, and no others") {
    CHECK(tables_of(plan_of(iam_schema()).of(Target::saved_user_auth)) ==
          std::vector<std::string>{"saved_user_auth_authority", "saved_user_auth_info"});
    gc::Schema mitreid = mitreid_schema();
    mitreid.tables["authentication_holder"].indexed.push_back("user_auth_id");
    CHECK(tables_of(plan_of(mitreid).of(Target::saved_user_auth)) ==
          std::vector<std::string>{"saved_user_auth_authority"});
}

TEST_CASE("ownerless satellites are looked for where no foreign key guards the owner") {
    CHECK(tables_of(plan_of(iam_schema()).of(Target::satellite)) ==
          std::vector<std::string>{"saved_user_auth_authority", "saved_user_auth_info",
                                   "device_code_scope", "device_code_request_parameter",
                                   "permission_scope", "claim_to_permission_ticket"});
    CHECK(tables_of(plan_of(mitreid_schema()).of(Target::satellite)).size() == 13);
}

TEST_CASE("where foreign keys guard every satellite that step is absent") {
    gc::Schema schema = iam_schema();
    for (const gc::Satellite& satellite : gc::all_satellites()) {
        schema.foreign_keys.push_back({.name = "fk",
                                       .table = std::string(satellite.table),
                                       .column = std::string(satellite.owner_column),
                                       .referenced_table = std::string(satellite.owner_table)});
    }
    CHECK(plan_of(schema).of(Target::satellite).state == TargetState::absent);
}

TEST_CASE("a plan is asked for a target that it does not have is a bug and says so") {
    const auto failure = failure_of([] { return Plan{}.of(Target::access_token); });
    CHECK(failure.kind == ErrorKind::software);
}

TEST_CASE("a plan of a run asks for the safe point with the margin, before anything is removed") {
    test::FakeRun run;
    run.settings.policy.orphans_margin = 25min;
    run.add_witness(1, 10);
    run.store.tables.rows[Target::authentication_holder][10].parent_id = 7;
    run.store.tables.add(Target::saved_user_auth, 7);
    const Plan plan = run.plan();
    CHECK(plan.of(Target::authentication_holder).policy.safe_point == 10);
    CHECK(plan.of(Target::saved_user_auth).policy.safe_point == 7);
    const auto& calls = run.store.calls;
    CHECK(std::find(calls.begin(), calls.end(), "holder_safe_point 2026-05-01 11:35:00") !=
          calls.end());
    CHECK(std::find(calls.begin(), calls.end(), "user_auth_safe_point 10") != calls.end());
    CHECK(run.store.count_calls("begin") == 0);
}

TEST_CASE("a plan of a run does not look for user authentications where no index leads there") {
    test::FakeRun run;
    test::drop_index(run.store.catalog, "authentication_holder", "user_auth_id");
    run.add_witness(1, 10);
    CHECK(run.plan().of(Target::saved_user_auth).state == TargetState::refused);
    CHECK(run.store.count_calls("user_auth_safe_point") == 0);
}
