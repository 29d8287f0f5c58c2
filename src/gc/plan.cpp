// SPDX-License-Identifier: Apache-2.0
#include "gc/plan.hpp"

#include "gc/early_walk.hpp"
#include "gc/requirements.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gc {

namespace {

struct KnownTable {
    std::string_view table;
    std::string_view columns;  // separated by one blank
};

// What MITREid Connect and every IAM from V62 on have in common (iam-database.md 1 and 4).
constexpr std::array k_known_tables{
    KnownTable{"access_token", "id expiration client_id auth_holder_id refresh_token_id"},
    KnownTable{"refresh_token", "id expiration client_id auth_holder_id"},
    KnownTable{"token_scope", "owner_id scope"},
    KnownTable{"access_token_permissions", "access_token_id permission_id"},
    KnownTable{"authentication_holder", "id user_auth_id"},
    KnownTable{"authentication_holder_scope", "owner_id"},
    KnownTable{"authentication_holder_authority", "owner_id"},
    KnownTable{"authentication_holder_extension", "owner_id"},
    KnownTable{"authentication_holder_request_parameter", "owner_id"},
    KnownTable{"authentication_holder_resource_id", "owner_id"},
    KnownTable{"authentication_holder_response_type", "owner_id"},
    KnownTable{"saved_user_auth", "id"},
    KnownTable{"saved_user_auth_authority", "owner_id"},
    KnownTable{"authorization_code", "id expiration auth_holder_id"},
    KnownTable{"device_code", "id expiration auth_holder_id"},
    KnownTable{"device_code_scope", "owner_id"},
    KnownTable{"device_code_request_parameter", "owner_id"},
    KnownTable{"client_details", "id client_id access_token_validity_seconds"},
};

// Tables that only some levels have, or that had another shape for a while: iam_revoked_at was
// keyed by jti before V117 (iam-database.md 2).
constexpr std::array k_other_tables{
    KnownTable{"permission", "id"},
    KnownTable{"permission_ticket", "id expiration permission_id"},
    KnownTable{"iam_revoked_at", "hash_value expiration"},
    KnownTable{"spring_session", "primary_id expiry_time"},
};

// Empty when all are there.
std::string_view missing_column(const Schema& schema, const KnownTable& known) {
    std::string_view rest = known.columns;
    while (!rest.empty()) {
        const std::string_view column = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), column.size() + 1));
        if (!schema.has_column(known.table, column)) {
            return column;
        }
    }
    return {};
}

void require_columns(const Schema& schema, const KnownTable& known) {
    const std::string_view column = missing_column(schema, known);
    if (!column.empty()) {
        throw util::Error(
            util::ErrorKind::data,
            fmt::format("database {}: table {} has no column {}, or the account has no right on "
                        "it, so this is no schema of INDIGO IAM or MITREid Connect that this "
                        "program knows; check database.url and the rights in sql/admin",
                        schema.database, known.table, column));
    }
}

void refuse_unknown_shape(PlannedTarget& planned, const Schema& schema) {
    for (const KnownTable& known : k_other_tables) {
        const std::string_view column =
            known.table == name(planned.target) ? missing_column(schema, known) : "";
        if (!column.empty()) {
            planned.state = TargetState::refused;
            planned.reason =
                fmt::format("table {} has no column {}, or the account has no right on it",
                            known.table, column);
        }
    }
}

bool is_indexed_or_small(const Satellite& satellite, const Schema& schema, const PlanFacts& facts) {
    const bool big = facts.big_tables.contains(std::string(satellite.table));
    return schema.has_index(satellite.table, satellite.owner_column) || !big;
}

void refuse(PlannedTarget& planned, const LookUp& look_up, const Schema& schema) {
    const std::string remedy = create_index(look_up.table, look_up.column, schema);
    if (planned.state != TargetState::refused) {
        planned.state = TargetState::refused;
        planned.reason =
            fmt::format("no index leads on {}.{}, so each batch would read that whole table",
                        look_up.table, look_up.column);
    }
    planned.remedies.push_back(remedy);
}

void plan_satellites(PlannedTarget& planned, const Schema& schema, const PlanFacts& facts) {
    for (const Satellite& satellite : all_satellites()) {
        const bool guarded = schema.has_foreign_key(satellite.table, satellite.owner_column);
        if (schema.find(satellite.table) == nullptr ||
            schema.find(satellite.owner_table) == nullptr || guarded) {
            continue;
        }
        if (is_indexed_or_small(satellite, schema, facts)) {
            planned.satellites.push_back(satellite);
        } else {
            planned.remedies.push_back(
                create_index(satellite.table, satellite.owner_column, schema));
        }
    }
    if (planned.satellites.empty()) {
        planned.state = planned.remedies.empty() ? TargetState::absent : TargetState::refused;
        planned.reason =
            planned.remedies.empty()
                ? "foreign keys guard every satellite of this database"
                : "no index leads on the owner columns, so each batch would read whole tables";
    }
}

void check_steps(PlannedTarget& planned, const Schema& schema, const PlanFacts& facts) {
    for (const LookUp& look_up : look_ups_of(planned.target)) {
        if (is_refused(look_up, schema, facts.big_tables)) {
            refuse(planned, look_up, schema);
        }
    }
    if (const auto key = unknown_reference(planned.target, schema)) {
        planned.state = TargetState::refused;
        planned.reason = fmt::format(
            "table {} refers to {} by foreign key {} ({}), and this program does not know that "
            "table",
            key->table, name(planned.target), key->name, key->delete_rule);
    }
}

void apply_safe_point(PlannedTarget& planned, const PlanFacts& facts) {
    planned.policy.safe_point = planned.target == Target::saved_user_auth
                                    ? facts.user_auth_safe_point
                                    : facts.holder_safe_point;
    if (planned.state == TargetState::planned && !planned.policy.safe_point) {
        planned.state = TargetState::waiting;
        planned.reason =
            planned.target == Target::saved_user_auth
                ? "no holder with a user authentication is old enough to tell an orphan "
                  "from a row that is just being made"
                : "no token or code expired longer than orphans.margin ago, so no orphan "
                  "can be told from a row that is just being made";
    }
}

PlannedTarget plan_target(Target target, const Settings& settings, const Schema& schema,
                          const PlanFacts& facts) {
    PlannedTarget planned{.target = target};
    planned.policy = {.now = facts.clock.now, .cutoff = facts.clock.now - settings.policy.grace};
    if (settings.policy.switched_off.contains(target)) {
        planned.state = TargetState::switched_off;
        planned.reason = fmt::format("targets.{} is false", name(target));
        return planned;
    }
    if (target == Target::satellite) {
        plan_satellites(planned, schema, facts);
        return planned;
    }
    if (schema.find(name(target)) == nullptr) {
        planned.state = TargetState::absent;
        planned.reason = fmt::format("this database has no table {}", name(target));
        return planned;
    }
    for (const Satellite& satellite : satellites_of(target)) {
        if (schema.find(satellite.table) != nullptr) {
            planned.satellites.push_back(satellite);
        }
    }
    check_steps(planned, schema, facts);
    refuse_unknown_shape(planned, schema);
    if (needs_safe_point(target)) {
        apply_safe_point(planned, facts);
    }
    return planned;
}

}  // namespace

std::string_view name(TargetState state) {
    switch (state) {
    case TargetState::planned:
        return "planned";
    case TargetState::switched_off:
        return "switched_off";
    case TargetState::absent:
        return "absent";
    case TargetState::refused:
        return "refused";
    case TargetState::waiting:
        return "waiting";
    }
    return {};
}

const PlannedTarget& Plan::of(Target target) const {
    const auto found =
        std::find_if(targets.begin(), targets.end(),
                     [&](const PlannedTarget& planned) { return planned.target == target; });
    if (found == targets.end()) {
        throw util::Error(
            util::ErrorKind::software,
            fmt::format("the plan has no entry for {}; please report this", name(target)));
    }
    return *found;
}

void require_known_schema(const Schema& schema) {
    for (const KnownTable& known : k_known_tables) {
        if (schema.find(known.table) == nullptr) {
            throw util::Error(
                util::ErrorKind::data,
                fmt::format(
                    "database {} has no table {}, or the account has no right on it; this program "
                    "needs the token tables of INDIGO IAM or MITREid Connect, check database.url",
                    schema.database, known.table));
        }
        require_columns(schema, known);
    }
}

std::vector<std::string> tables_to_measure(const Schema& schema) {
    std::set<std::string> tables;
    for (const Target target : k_targets) {
        for (const LookUp& look_up : look_ups_of(target)) {
            if (look_up.small_by_nature &&
                is_refused(look_up, schema, {std::string(look_up.table)})) {
                tables.emplace(look_up.table);
            }
        }
    }
    for (const Satellite& satellite : all_satellites()) {
        if (schema.find(satellite.table) != nullptr &&
            !schema.has_index(satellite.table, satellite.owner_column)) {
            tables.emplace(satellite.table);
        }
    }
    return {tables.begin(), tables.end()};
}

bool has_user_auth_index(const Schema& schema) {
    return schema.has_index("authentication_holder", "user_auth_id");
}

Plan make_plan(const Settings& settings, const Schema& schema, const PlanFacts& facts) {
    require_known_schema(schema);
    Plan plan{.clock = facts.clock, .cutoff = facts.clock.now - settings.policy.grace};
    for (const Target target : k_targets) {
        plan.targets.push_back(plan_target(target, settings, schema, facts));
    }
    return plan;
}

namespace {

bool is_asked_for(const EarlySettings& settings, const Schema& schema) {
    EarlyPlan wanted{.settings = settings};
    return std::ranges::any_of(k_targets, [&](Target target) { return wanted.concerns(target); }) ||
           !impossible_policies(settings, schema).empty();
}

void require_client(const EarlyPlan& plan) {
    const std::string& purged = plan.settings.purge_client;
    const bool known = std::ranges::any_of(
        plan.clients, [&](const auto& client) { return client.second.client_id == purged; });
    if (!purged.empty() && !known) {
        throw util::Error(util::ErrorKind::data,
                          fmt::format("there is no client {} to purge; purge_client.client takes "
                                      "the OAuth client id, which report shows",
                                      util::escape_controls(purged)));
    }
}

// The policies for tokens that have not expired; asks nothing when they are off.
void plan_early(Plan& plan, Store& store, const Settings& settings, const Schema& schema,
                std::map<Target, Id> top) {
    if (!is_asked_for(settings.early, schema)) {
        return;
    }
    EarlyPlan early{.settings = settings.early,
                    .clients = store.early_clients(),
                    .now = plan.clock.now,
                    .cutoff = plan.cutoff,
                    .impossible = impossible_policies(settings.early, schema),
                    .top = std::move(top)};
    require_client(early);
    for (const Target target : k_targets) {
        if (!early.concerns(target) || early.top.contains(target)) {
            continue;
        }
        if (const auto newest = newest_of(store, target, early.needs())) {
            early.top[target] = *newest;
        }
    }
    plan.early = std::move(early);
}

}  // namespace

Plan plan_again(Store& store, const Settings& settings, const Schema& schema, PlanFacts facts) {
    require_known_schema(schema);
    facts.big_tables.clear();
    for (const std::string& table : tables_to_measure(schema)) {
        if (store.has_more_rows_than(table, settings.limits.scan_rows)) {
            facts.big_tables.insert(table);
        }
    }
    Plan plan = make_plan(settings, schema, facts);
    plan_early(plan, store, settings, schema, facts.top);
    return plan;
}

Plan plan_run(Store& store, const Settings& settings, const Schema& schema) {
    require_known_schema(schema);
    PlanFacts facts{.clock = store.clock()};
    facts.holder_safe_point =
        store.holder_safe_point(facts.clock.now - settings.policy.orphans_margin);
    if (facts.holder_safe_point && has_user_auth_index(schema)) {
        facts.user_auth_safe_point = store.user_auth_safe_point(*facts.holder_safe_point);
    }
    return plan_again(store, settings, schema, std::move(facts));
}

}  // namespace gc
