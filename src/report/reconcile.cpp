// SPDX-License-Identifier: Apache-2.0
#include "report/reconcile.hpp"

#include <fmt/format.h>

#include <set>

namespace report {

namespace {

std::int64_t count_in(const std::map<std::string, std::int64_t>& counts, const std::string& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

std::string kept_words(const std::string& reason) {
    if (reason == "changed" || reason == "not_expired" || reason == "in_grace") {
        return "extended: live again when their turn came";
    }
    if (reason == "locked") {
        return "locked by another session";
    }
    if (reason == "referenced") {
        return "referred to by a row that is not garbage";
    }
    return fmt::format("kept as {}", reason);
}

class Difference {
public:
    Difference(const gc::TargetTally& planned, const gc::TargetTally& done, bool whole)
        : m_planned(planned),
          m_done(done),
          m_whole(whole),
          m_left(planned.removed - done.removed) {}

    std::vector<std::string> reasons() {
        explain(m_done.vanished, "vanished: removed by somebody else while the run worked");
        std::set<std::string> kept;
        for (const auto* counts : {&m_planned.kept, &m_done.kept}) {
            for (const auto& [reason, count] : *counts) {
                kept.insert(reason);
            }
        }
        for (const std::string& reason : kept) {
            explain(count_in(m_done.kept, reason) - count_in(m_planned.kept, reason),
                    kept_words(reason));
        }
        if (!m_whole && m_left > 0) {
            explain(m_left, "left, because the run stopped before it was done");
        } else if (m_left > 0) {
            explain(m_left, "vanished: gone before the run looked");
        } else if (m_left < 0) {
            explain(m_left,
                    "came to be garbage after the plan was made, by the plan's own cut-off");
        }
        return m_reasons;
    }

private:
    void explain(std::int64_t rows, const std::string& words) {
        if (rows != 0) {
            m_reasons.push_back(fmt::format("{}{} {}", rows > 0 ? "" : "+", std::abs(rows), words));
            m_left -= rows;
        }
    }

    const gc::TargetTally& m_planned;
    const gc::TargetTally& m_done;
    bool m_whole;
    std::int64_t m_left;
    std::vector<std::string> m_reasons{};
};

}  // namespace

std::vector<Reconciled> reconcile(const PlanFile& plan, const gc::RunReport& run,
                                  std::optional<std::int64_t> expired_since) {
    std::vector<Reconciled> result;
    const bool whole = run.stop_reason == gc::StopReason::done;
    for (const auto& [target, planned] : plan.targets) {
        const auto found = run.tally.find(target);
        const gc::TargetTally done = found == run.tally.end() ? gc::TargetTally{} : found->second;
        Reconciled row{.table = std::string(gc::name(target)),
                       .planned = planned.tally.removed,
                       .removed = done.removed,
                       .reasons = Difference(planned.tally, done, whole).reasons()};
        if (target == gc::Target::access_token && expired_since.value_or(0) > 0) {
            row.reasons.push_back(
                fmt::format("{} more expired since the plan's cut-off and wait for the next plan",
                            *expired_since));
        }
        result.push_back(std::move(row));
        for (const auto& [policy, tally] : planned.tally.early) {
            const auto part = done.early.find(policy);
            Reconciled& early = result.emplace_back();
            early = {.table = fmt::format("{} by {}", gc::name(target), policy),
                     .planned = tally.removed,
                     .removed = part == done.early.end() ? 0 : part->second.removed};
            if (early.planned != early.removed) {
                early.reasons.push_back(fmt::format("part of {}, see there", gc::name(target)));
            }
        }
        if (target == gc::Target::satellite) {
            continue;
        }
        for (const auto& [table, rows] : planned.tally.satellites) {
            Reconciled& satellite = result.emplace_back();
            satellite = {
                .table = table, .planned = rows, .removed = count_in(done.satellites, table)};
            if (satellite.planned != satellite.removed) {
                satellite.reasons.push_back(
                    fmt::format("as the rows of {} they belong to", gc::name(target)));
            }
        }
    }
    return result;
}

}  // namespace report
