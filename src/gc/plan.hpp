// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early.hpp"
#include "gc/policy.hpp"
#include "gc/schema.hpp"
#include "gc/settings.hpp"
#include "gc/store.hpp"
#include "gc/target.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gc {

enum class TargetState {
    planned,
    switched_off,  // by the configuration
    absent,        // this database has no such table
    refused,       // a step would scan a big table, or touch rows this program does not know
    waiting,       // no safe point yet: no orphan can be told from a row that is just being made
};

std::string_view name(TargetState state);

struct PlannedTarget {
    Target target = Target::access_token;
    TargetState state = TargetState::planned;
    std::string reason{};                 // one sentence unless planned
    std::vector<std::string> remedies{};  // statements that would help, for a DBA to run
    Policy policy{};
    std::vector<Satellite> satellites{};  // those this database has
};

// What a run will do, in order. Made once, before anything is removed.
struct Plan {
    DatabaseClock clock{};
    util::TimePoint cutoff{};
    std::vector<PlannedTarget> targets{};
    // Garbage of a target when the run began, at most; without an entry where nobody counted.
    std::map<Target, std::int64_t> expected{};

    std::optional<EarlyPlan> early{};  // nothing when every policy for unexpired tokens is off

    const PlannedTarget& of(Target target) const;
    bool active(Target target) const { return of(target).state == TargetState::planned; }
};

// What has to be asked of the database before a plan can be made.
struct PlanFacts {
    DatabaseClock clock{};
    std::optional<Id> holder_safe_point{};
    std::optional<Id> user_auth_safe_point{};
    std::set<std::string>
        big_tables{};  // tables with more rows than limits.scan_rows, among tables_to_measure()
    std::map<Target, Id> top{};  // of an earlier plan, see EarlyPlan::top
};

// Pure: throws Error(data) when a table or column that every supported database has is missing.
void require_known_schema(const Schema& schema);

// Tables without the index some step needs, whose size decides whether reading them whole is
// bearable.
std::vector<std::string> tables_to_measure(const Schema& schema);

// True when the plan of these settings needs the safe point of holders (or user authentications).
bool has_user_auth_index(const Schema& schema);

// Pure: targets in order, each with its cut-off, its satellites and, where a step is refused, the
// reason and the CREATE INDEX that helps (architecture.md "Flow", iam-database.md 4 and 6).
Plan make_plan(const Settings& settings, const Schema& schema, const PlanFacts& facts);

// The same with clock and safe points of an earlier plan; only what is big is asked again.
Plan plan_again(Store& store, const Settings& settings, const Schema& schema, PlanFacts facts);

// Asks the store for the facts and makes the plan. Nothing is removed or locked.
Plan plan_run(Store& store, const Settings& settings, const Schema& schema);

}  // namespace gc
