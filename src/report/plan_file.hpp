// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/removal_watch.hpp"
#include "gc/run_report.hpp"
#include "report/document.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace report {

// The version of a written plan; it rises when a key changes its meaning or goes.
inline constexpr int k_plan_version = 1;

// A statement as a run sends it, with what the server says it would do.
struct ExplainedStatement {
    std::string target{};
    std::string policy{};  // that sends it; empty: it is sent for what expired, or by all policies
    std::string sql{};
    std::string explained{};
};

// One target of a written plan.
struct PlannedRows {
    std::string state{};  // name of a gc::TargetState
    std::string reason{};
    std::optional<gc::Id> safe_point{};
    std::optional<gc::Id> top{};  // newest token that the policies looked at
    gc::TargetTally tally{};
    gc::RowRange ids{};
};

// A plan to be carried out later: where it holds, what it decides by, and what it expects.
struct PlanFile {
    Head head{};
    std::string fingerprint{};    // of the schema (gc::fingerprint)
    std::string configuration{};  // of the settings that decide (config::policy_fingerprint)
    std::map<std::string, std::string> policy{};  // those settings
    std::int64_t created = 0;                     // UNIX milliseconds by the database's clock
    std::int64_t expires = 0;
    gc::DatabaseClock clock{};
    util::TimePoint cutoff{};
    std::map<gc::Target, PlannedRows> targets{};
    std::map<std::string, std::map<gc::Target, gc::RowRange>> clients{};  // by OAuth name
    std::vector<ExplainedStatement> statements{};
    std::int64_t reading_ms = 0;  // how long the plan took
    std::string sha256{};         // filled by parse_plan
};

// JSON with a SHA-256 over itself, ending in a newline.
std::string to_json(const PlanFile& plan);

// Reads it; throws Error(data) when it is no plan of this version or was altered. `path` is for the
// message.
PlanFile parse_plan(std::string_view text, const std::string& path);

// Pure: why this plan cannot be carried out with that head, fingerprint, configuration and moment;
// empty when it can.
std::string refusal(const PlanFile& plan, const PlanFile& now);

// Pure: why what is there differs too much from the plan; empty when it does not. `tolerance` is a
// share of the planned rows of each target.
std::string drift(const PlanFile& plan, const gc::Tally& counted, double tolerance);

}  // namespace report
