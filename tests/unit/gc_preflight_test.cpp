// SPDX-License-Identifier: Apache-2.0
#include "gc/preflight.hpp"

#include "support/failure.hpp"
#include "unit/fake_run.hpp"
#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using gc::Target;
using test::failure_of;
using util::ErrorKind;

namespace {

const gc::PlanFacts k_facts{.holder_safe_point = 1000, .user_auth_safe_point = 500};

bool contains(const std::vector<std::string>& tables, const char* table) {
    return std::find(tables.begin(), tables.end(), table) != tables.end();
}

}  // namespace

TEST_CASE("the tables to remove from are those of planned targets and their satellites, once") {
    const auto tables = gc::tables_to_remove_from(gc::make_plan({}, test::iam_schema(), k_facts));
    CHECK(tables.size() == 10 + 15);
    CHECK(contains(tables, "SPRING_SESSION"));
    CHECK(contains(tables, "SPRING_SESSION_ATTRIBUTES"));
    CHECK(contains(tables, "token_scope"));
    CHECK_FALSE(contains(tables, "satellite"));
    CHECK_FALSE(contains(tables, "client_details"));
}

TEST_CASE("a table of a target that is not planned needs no right") {
    gc::Settings settings;
    settings.policy.switched_off = {Target::spring_session, Target::saved_user_auth};
    const auto tables = gc::tables_to_remove_from(gc::make_plan(settings, test::iam_schema(), {}));
    CHECK_FALSE(contains(tables, "SPRING_SESSION"));
    CHECK_FALSE(contains(tables, "saved_user_auth"));
    CHECK_FALSE(contains(tables, "authentication_holder"));
    CHECK(contains(tables, "access_token"));
}

TEST_CASE("a right that is missing on one satellite table stops a run before it begins") {
    test::FakeRun run;
    run.store.denied = {"token_scope"};
    const auto failure = failure_of([&] { gc::require_rights(run.store, run.plan()); });
    CHECK(failure.kind == ErrorKind::permission);
    CHECK(failure.says("token_scope"));
    CHECK(run.store.count_calls("remove") == 0);
}

TEST_CASE("an account that may remove from every table it needs passes") {
    test::FakeRun run;
    run.store.denied = {"client_details", "iam_account"};
    CHECK_NOTHROW(gc::require_rights(run.store, run.plan()));
    CHECK(run.store.count_calls("probe_removal") > 10);
}

TEST_CASE("a table without transactions is refused and named") {
    gc::Schema schema = test::iam_schema();
    schema.tables["token_scope"].engine = "MyISAM";
    const gc::Plan plan = gc::make_plan({}, schema, k_facts);
    const auto failure = failure_of([&] { gc::require_transactions(schema, plan); });
    CHECK(failure.kind == ErrorKind::data);
    CHECK(failure.says("token_scope"));
    CHECK(failure.says("MyISAM"));
}

TEST_CASE("a table without transactions that nothing is removed from is no obstacle") {
    gc::Schema schema = test::iam_schema();
    schema.tables["client_details"].engine = "MyISAM";
    CHECK_NOTHROW(gc::require_transactions(schema, gc::make_plan({}, schema, k_facts)));
}

TEST_CASE("servers without storage engines pass") {
    const gc::Schema schema = test::mitreid_schema();
    CHECK_NOTHROW(gc::require_transactions(schema, gc::make_plan({}, schema, k_facts)));
}
