// SPDX-License-Identifier: Apache-2.0
#include "report/desk.hpp"
#include "report/early_text.hpp"
#include "report/json.hpp"

namespace report {

namespace {

Json target_json(const gc::PlannedTarget& planned, const gc::TargetTally& tally) {
    Json target;
    target["state"] = gc::name(planned.state);
    if (!planned.reason.empty()) {
        target["reason"] = planned.reason;
    }
    if (!planned.remedies.empty()) {
        target["remedies"] = planned.remedies;
    }
    if (planned.policy.safe_point) {
        target["safe_point"] = *planned.policy.safe_point;
    }
    target["scanned"] = tally.scanned;
    target["removed"] = tally.removed;
    target["vanished"] = tally.vanished;
    target["kept"] = Json::object();
    for (const auto& [reason, count] : tally.kept) {
        target["kept"][reason] = count;
    }
    target["satellites"] = Json::object();
    for (const gc::Satellite& satellite : planned.satellites) {
        const auto found = tally.satellites.find(std::string(satellite.table));
        target["satellites"][std::string(satellite.table)] =
            found == tally.satellites.end() ? 0 : found->second;
    }
    if (!tally.locked.empty()) {
        target["locked"] = tally.locked;
    }
    return target;
}

// What the run can be held to afterwards; keys only where there is something.
void add_contract(Json& json, const RunDocument& document) {
    if (document.archive) {
        json["archive"] = {{"folder", document.archive->folder},
                           {"run", document.archive->run},
                           {"mode", document.archive->mode},
                           {"rows", document.archive->rows}};
    }
    if (document.plan_sha256.empty()) {
        return;
    }
    json["plan_sha256"] = document.plan_sha256;
    json["reconciled"] = Json::array();
    for (const Reconciled& row : document.reconciled) {
        json["reconciled"].push_back({{"table", row.table},
                                      {"planned", row.planned},
                                      {"removed", row.removed},
                                      {"reasons", row.reasons}});
    }
}

}  // namespace

std::string to_json(const RunDocument& document) {
    Json json = head_json(document.head);
    json["dry_run"] = document.run.dry_run;
    const bool known = document.run.plan.clock.now != util::TimePoint{};
    json["now"] = known ? Json(util::format_time(document.run.plan.clock.now)) : Json();
    json["grace"] = document.head.grace;
    json["cutoff"] = known ? Json(util::format_time(document.run.plan.cutoff)) : Json();
    json["clock_check"] = {{"state", gc::name(document.clock.state)},
                           {"text", document.clock.text}};
    json["targets"] = Json::object();
    const gc::TargetTally nothing;
    for (const gc::PlannedTarget& planned : document.run.plan.targets) {
        const auto found = document.run.tally.find(planned.target);
        json["targets"][std::string(gc::name(planned.target))] =
            target_json(planned, found == document.run.tally.end() ? nothing : found->second);
    }
    if (document.run.plan.early) {
        json["early"] = early_json(document);
    }
    // What the safety limit of a real run measures by; apart from the targets, whose keys a dry run
    // fills in the same way.
    json["expected"] = Json::object();
    for (const auto& [target, rows] : document.run.plan.expected) {
        json["expected"][std::string(gc::name(target))] = rows;
    }
    json["totals"] = {{"removed", gc::rows_removed(document.run.tally)},
                      {"rows_touched", gc::rows_touched(document.run.tally)}};
    json["batches"] = document.run.batches;
    json["conflicts"] = document.run.conflicts;
    json["reconnects"] = document.run.reconnects;
    json["elapsed_ms"] = document.run.elapsed.count();
    json["paused_ms"] = document.run.paused.count();
    json["pauses"] = Json::object();
    for (const auto& [reason, duration] : document.run.pauses) {
        json["pauses"][reason] = duration.count();
    }
    json["blocked_others"] = document.run.blocked_others;
    json["full_speed"] = document.run.full_speed;
    if (!document.run.window.empty()) {
        json["window"] = document.run.window;
    }
    json["longest_batch_ms"] = document.run.longest_batch.count();
    json["warnings"] = document.warnings;
    json["stop_reason"] = document.stop_reason;
    if (!document.error.empty()) {
        json["error"] = document.error;
    }
    json["exit_code"] = document.exit_code;
    add_contract(json, document);
    if (document.desk) {
        json["desk"] = desk_json(*document.desk, document.run.tally);
    }
    return dump(json);
}

}  // namespace report
