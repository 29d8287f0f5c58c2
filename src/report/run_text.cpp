// SPDX-License-Identifier: Apache-2.0
#include "report/contract_text.hpp"
#include "report/desk.hpp"
#include "report/early_text.hpp"
#include "report/text.hpp"
#include "report/units.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

namespace report {

namespace {

std::int64_t satellites(const gc::TargetTally& tally) {
    std::int64_t rows = 0;
    for (const auto& [table, count] : tally.satellites) {
        rows += count;
    }
    return rows;
}

std::string kept_text(const gc::TargetTally& tally) {
    std::string text;
    for (const auto& [reason, count] : tally.kept) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", reason, grouped(count));
    }
    if (tally.vanished > 0) {
        text += fmt::format("{}vanished {}", text.empty() ? "" : ", ", grouped(tally.vanished));
    }
    return text;
}

std::string targets_text(const RunDocument& document) {
    TextTable table(
        {"target", "scanned", document.run.dry_run ? "to remove" : "removed", "with them", "kept"});
    const gc::TargetTally nothing;
    for (const gc::PlannedTarget& planned : document.run.plan.targets) {
        const auto found = document.run.tally.find(planned.target);
        const gc::TargetTally& tally = found == document.run.tally.end() ? nothing : found->second;
        const bool touched = planned.state == gc::TargetState::planned || tally.scanned > 0;
        if (touched) {
            const bool own = planned.target == gc::Target::satellite;
            table.add({std::string(gc::name(planned.target)), grouped(tally.scanned),
                       grouped(tally.removed), own ? "" : grouped(satellites(tally)),
                       kept_text(tally)});
        } else {
            table.add({std::string(gc::name(planned.target)), "-", "-", "-",
                       std::string(gc::name(planned.state))});
        }
    }
    return table.text({4});
}

std::string satellites_text(const RunDocument& document) {
    TextTable table({"rows that go with them, by table", ""});
    bool any = false;
    for (const auto& [target, tally] : document.run.tally) {
        for (const auto& [name, count] : tally.satellites) {
            if (count > 0) {
                const bool ownerless = target == gc::Target::satellite;
                table.add({"  " + name + (ownerless ? " (ownerless)" : ""), grouped(count)});
                any = true;
            }
        }
    }
    return any ? "\n" + table.text({}) : "";
}

std::string notes_text(const RunDocument& document) {
    std::string text;
    for (const gc::PlannedTarget& planned : document.run.plan.targets) {
        const bool worth_saying =
            planned.state == gc::TargetState::refused || planned.state == gc::TargetState::waiting;
        if (worth_saying) {
            text += wrapped(fmt::format("{} {}: {}.", gc::name(planned.target),
                                        gc::name(planned.state), planned.reason),
                            2);
        }
        for (const std::string& remedy : planned.remedies) {
            text += wrapped(remedy, 4);
        }
    }
    for (const auto& [target, tally] : document.run.tally) {
        if (!tally.locked.empty()) {
            text += wrapped(fmt::format("{} left because another session held a lock: {}.",
                                        gc::name(target), fmt::join(tally.locked, ", ")),
                            2);
        }
    }
    for (const std::string& warning : document.warnings) {
        text += wrapped("warning: " + warning, 2);
    }
    return text.empty() ? "" : "\nnotes\n" + text;
}

std::string pauses_text(const gc::RunReport& run) {
    std::string text;
    for (const auto& [reason, duration] : run.pauses) {
        text += fmt::format("{} {} {:.1f} s", text.empty() ? "pauses:" : ",", reason,
                            in_seconds(duration));
    }
    if (run.blocked_others > 0) {
        text += fmt::format("{}{} batches kept another session waiting", text.empty() ? "" : "; ",
                            grouped(run.blocked_others));
    }
    return text.empty() ? "" : wrapped(text, 0);
}

std::string ending_text(const RunDocument& document) {
    const gc::RunReport& run = document.run;
    std::string text =
        fmt::format("{} rows {}, {} with them{} {} batches and {:.1f} s ({:.1f} s of it waiting)",
                    grouped(gc::rows_removed(run.tally)), run.dry_run ? "to remove" : "removed",
                    grouped(gc::rows_touched(run.tally) - gc::rows_removed(run.tally)),
                    run.dry_run ? "; to count them took" : ", in", grouped(run.batches),
                    in_seconds(run.elapsed), in_seconds(run.paused));
    if (run.conflicts > 0 || run.reconnects > 0) {
        text += fmt::format(", {} conflicts, {} reconnects", run.conflicts, run.reconnects);
    }
    text = "\n" + wrapped(text, 0) + pauses_text(run);
    text += fmt::format("stopped: {} (exit {})\n", document.stop_reason, document.exit_code);
    if (!document.error.empty()) {
        text += wrapped("error: " + util::escape_controls(document.error), 0);
    }
    return text;
}

}  // namespace

std::string to_text(const RunDocument& document) {
    const gc::RunReport& run = document.run;
    std::string text = head_text(document.head);
    // A run that never reached the database has no moment, and nothing to show of its targets.
    const bool never_planned = run.plan.clock.now == util::TimePoint{} && run.tally.empty();
    if (never_planned) {
        return text + ending_text(document);
    }
    text += labelled("now", fmt::format("{} {}, cut-off {} (grace {})",
                                        whole_seconds(run.plan.clock.now), document.head.time_zone,
                                        whole_seconds(run.plan.cutoff), document.head.grace));
    if (!run.window.empty()) {
        text += labelled("window", run.window);
    }
    if (run.full_speed) {
        text += "  FULL SPEED, without any throttling\n";
    }
    if (run.dry_run) {
        text += "  nothing is removed: this is what a run would remove\n";
    }
    return text + "\n" + targets_text(document) + satellites_text(document) + early_text(document) +
           notes_text(document) + contract_text(document) + ending_text(document) +
           (document.desk ? desk_text(*document.desk, run.tally) : "");
}

}  // namespace report
