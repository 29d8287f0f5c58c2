// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/clock_check.hpp"
#include "gc/desk.hpp"
#include "gc/run_report.hpp"
#include "gc/schema.hpp"
#include "gc/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

// The version of every JSON document of the program; it rises when a key changes its meaning or
// goes, not when one is added (README "Reports").
inline constexpr int k_schema_version = 1;

// Where and with what a command ran; the head of every report.
struct Head {
    std::string command{};  // "run", "plan", ...
    std::string version{};
    std::string database_url{};  // without any password
    std::string server{};
    std::string database{};
    std::string level{};
    std::string time_zone{};
    std::string grace{};
};

// Where a run kept what it removed.
struct ArchiveNote {
    std::string folder{};
    std::string run{};
    std::string mode{};
    std::int64_t rows = 0;
};

// Planned against removed, for one target or satellite table, and where the difference comes from.
struct Reconciled {
    std::string table{};
    std::int64_t planned = 0;
    std::int64_t removed = 0;
    std::vector<std::string> reasons{};  // empty when both are the same
};

// What a DBA asks before saying yes, at the throttle that is set.
struct DeskNote {
    gc::Desk desk{};
    gc::ThrottleSettings throttle{};
};

// What a run or plan has to say.
struct RunDocument {
    Head head{};
    gc::RunReport run{};
    gc::ClockFinding clock{};
    std::vector<std::string> warnings{};
    std::string stop_reason{};  // name of a gc::StopReason, or "error"
    std::string error{};        // one sentence, empty when all went well
    int exit_code = 0;
    std::optional<ArchiveNote> archive{};
    std::string plan_sha256{};             // of the written plan that was carried out
    std::vector<Reconciled> reconciled{};  // against that plan
    std::optional<DeskNote> desk{};        // of a plan
};

// One JSON object, ending in a newline.
std::string to_json(const RunDocument& document);

// Aligned text of at most 100 columns, ending in a newline.
std::string to_text(const RunDocument& document);

}  // namespace report
