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
using test::drop_column;
using test::drop_index;
using test::failure_of;
using test::iam_schema;
using test::mitreid_schema;
using util::ErrorKind;

namespace {

const gc::PlanFacts k_facts{.holder_safe_point = 1000, .user_auth_safe_point = 500};

Plan plan_of(const gc::Schema& schema, const std::set<std::string>& big_tables = {}) {
    gc::PlanFacts facts = k_facts;
    facts.big_tables = big_tables;
    return gc::make_plan({}, schema, facts);
}

struct Needed {
    Target target{};
    std::string_view table;
    std::string_view column;
};

// Columns of tables that are big by nature: without the index the step is refused at any size.
constexpr std::array k_needed{
    Needed{Target::access_token, "access_token", "expiration"},
    Needed{Target::access_token, "token_scope", "owner_id"},
    Needed{Target::refresh_token, "access_token", "refresh_token_id"},
    Needed{Target::authentication_holder, "access_token", "auth_holder_id"},
    Needed{Target::authentication_holder, "refresh_token", "auth_holder_id"},
    Needed{Target::authentication_holder, "authorization_code", "auth_holder_id"},
    Needed{Target::authentication_holder, "authentication_holder_scope", "owner_id"},
    Needed{Target::authentication_holder, "authentication_holder_authority", "owner_id"},
    Needed{Target::authentication_holder, "authentication_holder_extension", "owner_id"},
    Needed{Target::authentication_holder, "authentication_holder_request_parameter", "owner_id"},
    Needed{Target::authentication_holder, "authentication_holder_resource_id", "owner_id"},
    Needed{Target::authentication_holder, "authentication_holder_response_type", "owner_id"},
    Needed{Target::saved_user_auth, "authentication_holder", "user_auth_id"},
    Needed{Target::saved_user_auth, "saved_user_auth_authority", "owner_id"},
    Needed{Target::saved_user_auth, "saved_user_auth_info", "owner_id"},
};

// Columns no level has an index on: refused only when the table turned out to be big.
constexpr std::array k_needed_when_big{
    Needed{Target::access_token, "access_token_permissions", "access_token_id"},
    Needed{Target::device_code, "device_code_scope", "owner_id"},
    Needed{Target::device_code, "device_code_request_parameter", "owner_id"},
    Needed{Target::authentication_holder, "device_code", "auth_holder_id"},
    Needed{Target::permission, "access_token_permissions", "permission_id"},
    Needed{Target::permission, "permission_ticket", "permission_id"},
    Needed{Target::permission, "permission_scope", "owner_id"},
    Needed{Target::permission_ticket, "claim_to_permission_ticket", "permission_ticket_id"},
};

void check_refused(const Plan& plan, const Needed& needed) {
    const gc::PlannedTarget& planned = plan.of(needed.target);
    CHECK(planned.state == TargetState::refused);
    CHECK(planned.reason.find(std::string(needed.table) + "." + std::string(needed.column)) !=
          std::string::npos);
    const std::string statement = std::string("CREATE INDEX gc_") + std::string(needed.table) +
                                  "_" + std::string(needed.column) + "_idx ON " +
                                  std::string(needed.table) + " (" + std::string(needed.column) +
                                  ");";
    CHECK(planned.remedies == std::vector<std::string>{statement});
}

}  // namespace

TEST_CASE("without an index it needs a step is refused and names the CREATE INDEX that helps") {
    for (const Needed& needed : k_needed) {
        CAPTURE(needed.table);
        CAPTURE(needed.column);
        gc::Schema schema = iam_schema();
        drop_index(schema, needed.table, needed.column);
        check_refused(plan_of(schema), needed);
    }
}

TEST_CASE("a table small by nature refuses its step only when it is big and has no index") {
    for (const Needed& needed : k_needed_when_big) {
        CAPTURE(needed.table);
        CAPTURE(needed.column);
        gc::Schema schema = iam_schema();
        drop_index(schema, needed.table, needed.column);
        CHECK(plan_of(schema).active(needed.target));
        check_refused(plan_of(schema, {std::string(needed.table)}), needed);
    }
}

TEST_CASE("a step that lacks two indexes names both, and the first as the reason") {
    gc::Schema schema = iam_schema();
    drop_index(schema, "refresh_token", "auth_holder_id");
    drop_index(schema, "authentication_holder_scope", "owner_id");
    const Plan plan = plan_of(schema);
    CHECK(plan.of(Target::authentication_holder).remedies.size() == 2);
    CHECK(plan.of(Target::authentication_holder).reason.find("refresh_token.auth_holder_id") !=
          std::string::npos);
}

TEST_CASE("MITREid on PostgreSQL refuses refresh tokens and user authentications, nothing else") {
    const Plan plan = plan_of(mitreid_schema());
    for (const gc::PlannedTarget& planned : plan.targets) {
        CAPTURE(gc::name(planned.target));
        const bool lacks_index =
            planned.target == Target::refresh_token || planned.target == Target::saved_user_auth;
        CHECK((planned.state == TargetState::refused) == lacks_index);
    }
    CHECK(plan.of(Target::refresh_token).remedies.front().starts_with("CREATE INDEX CONCURRENTLY"));
}

TEST_CASE("a refused step stays refused when there is no safe point either") {
    gc::Schema schema = iam_schema();
    drop_index(schema, "authentication_holder", "user_auth_id");
    CHECK(gc::make_plan({}, schema, {}).of(Target::saved_user_auth).state == TargetState::refused);
}

TEST_CASE("a foreign key from a table that is not known refuses the step and is named") {
    gc::Schema schema = iam_schema();
    schema.foreign_keys.push_back({.name = "fk_plugin",
                                   .table = "plugin_audit",
                                   .column = "holder_id",
                                   .referenced_table = "authentication_holder",
                                   .delete_rule = "CASCADE"});
    const gc::PlannedTarget planned = plan_of(schema).of(Target::authentication_holder);
    CHECK(planned.state == TargetState::refused);
    for (const char* const word : {"plugin_audit", "fk_plugin", "CASCADE"}) {
        CHECK(planned.reason.find(word) != std::string::npos);
    }
    CHECK(plan_of(schema).active(Target::access_token));
}

TEST_CASE("a revocation list keyed by jti, as V113 made it, is refused and the column named") {
    gc::Schema schema = iam_schema();
    schema.tables["iam_revoked_at"].columns = {"jti", "expiration", "revoked_at"};
    const gc::PlannedTarget planned = plan_of(schema).of(Target::iam_revoked_at);
    CHECK(planned.state == TargetState::refused);
    CHECK(planned.reason.find("hash_value") != std::string::npos);
    CHECK(plan_of(schema).active(Target::spring_session));
}

TEST_CASE("ownerless satellites of a big table without an index are left, with the remedy") {
    const gc::PlannedTarget planned =
        plan_of(mitreid_schema(), {"device_code_scope"}).of(Target::satellite);
    CHECK(planned.state == TargetState::planned);
    CHECK(planned.satellites.size() == 12);
    CHECK(planned.remedies ==
          std::vector<std::string>{"CREATE INDEX CONCURRENTLY gc_device_code_scope_owner_id_idx ON "
                                   "device_code_scope (owner_id);"});
}

TEST_CASE("ownerless satellites are refused when every table that could hold some is too big") {
    gc::Schema schema = iam_schema();
    drop_index(schema, "saved_user_auth_authority", "owner_id");
    drop_index(schema, "saved_user_auth_info", "owner_id");
    const Plan plan = plan_of(schema, {"saved_user_auth_authority", "saved_user_auth_info",
                                       "device_code_scope", "device_code_request_parameter",
                                       "permission_scope", "claim_to_permission_ticket"});
    CHECK(plan.of(Target::satellite).state == TargetState::refused);
    CHECK(plan.of(Target::satellite).remedies.size() == 6);
}

TEST_CASE("only tables whose size decides something are measured") {
    CHECK(gc::tables_to_measure(iam_schema()) ==
          std::vector<std::string>{"claim_to_permission_ticket", "device_code",
                                   "device_code_request_parameter", "device_code_scope",
                                   "permission_scope", "permission_ticket"});
    test::FakeRun run;
    run.settings.limits.scan_rows = 3;
    for (gc::Id id = 1; id <= 4; ++id) {
        run.store.tables.add(Target::device_code, id);
    }
    CHECK(run.plan().of(Target::authentication_holder).state == TargetState::refused);
    run.settings.limits.scan_rows = 4;
    CHECK(run.plan().of(Target::authentication_holder).state == TargetState::waiting);
}

TEST_CASE("a missing table that every supported database has is named, and is an error of data") {
    for (const char* const table : {"access_token", "refresh_token", "token_scope", "device_code",
                                    "authentication_holder_extension", "client_details"}) {
        CAPTURE(table);
        gc::Schema schema = iam_schema();
        schema.tables.erase(table);
        const auto failure = failure_of([&] { return plan_of(schema); });
        CHECK(failure.kind == ErrorKind::data);
        CHECK(failure.says(std::string("no table ") + table));
        CHECK(failure.says("database iam"));
    }
}

TEST_CASE("a missing column that is needed is named, and is an error of data") {
    const std::vector<std::pair<std::string, std::string>> columns{
        {"access_token", "expiration"},
        {"access_token", "refresh_token_id"},
        {"authorization_code", "expiration"},
        {"device_code", "auth_holder_id"},
        {"authentication_holder", "user_auth_id"},
        {"token_scope", "scope"}};
    for (const auto& [table, column] : columns) {
        CAPTURE(table);
        gc::Schema schema = iam_schema();
        drop_column(schema, table, column);
        const auto failure = failure_of([&] { return plan_of(schema); });
        CHECK(failure.kind == ErrorKind::data);
        CHECK(failure.says("table " + table + " has no column " + column));
    }
}

TEST_CASE("an empty schema is an error of data, before any question is asked") {
    test::FakeRun run;
    run.store.catalog = {.database = "empty"};
    const auto failure = failure_of([&] { return run.plan(); });
    CHECK(failure.kind == ErrorKind::data);
    CHECK(run.store.calls.empty());
}

TEST_CASE("tables that this program does not know are no obstacle") {
    gc::Schema schema = iam_schema();
    schema.tables["iam_account"] = {.name = "iam_account", .columns = {"id"}};
    CHECK(plan_of(schema).active(Target::access_token));
}
