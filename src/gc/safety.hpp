// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "gc/run_report.hpp"
#include "gc/settings.hpp"
#include "gc/store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gc {

// Throws Error(data) when the database's clock differs from this machine's by more than
// clock.host_tolerance, or tells a year before 2020: every expired row is judged by that clock, and
// one that is ahead makes live rows look expired.
void require_sane_clock(const DatabaseClock& clock,
                        std::chrono::sys_time<std::chrono::milliseconds> host,
                        const ClockSettings& settings);

// The interlock between what a run decided and what it does. It trips (Error(data), exit 65) only
// when something else is broken: a policy, a statement, a trigger, a restore or a fail-over that
// changes the rows under the run. The reports of the plan are worth nothing then, so a person has
// to look first.
class Safety {
public:
    // The plan must outlive this object.
    Safety(const SafetySettings& settings, const Plan& plan) : m_settings(settings), m_plan(plan) {}

    // Before anything is removed: refuses rows that have not expired, beyond what
    // safety.max_unexpired_rows or safety.max_unexpired_share of the run's garbage allow. Only
    // policies that are off by default choose such a row (gc/early.hpp).
    void before_removal(const PlannedTarget& planned, const std::vector<Candidate>& garbage);

    // Before anything is removed: how many rows that have not expired the policies chose, and how
    // many may go. A dry run says so; a run refuses what is more, with the setting and its value.
    EarlyNote early(const std::map<std::string, std::int64_t>& unexpired_by_policy,
                    std::int64_t chosen) const;
    static void require_allowed(const EarlyNote& note,
                                const std::map<std::string, std::int64_t>& unexpired_by_policy);

    // Before COMMIT: one transaction removes at most one row of a target per candidate, since each
    // candidate has one holder and each holder one user authentication. More means that a statement
    // removed rows nobody chose.
    static void before_commit(const Tally& batch, std::int64_t candidates);

    // After a batch: refuses to go on when more rows of a target are gone than there was garbage at
    // the start (Plan::expected), by more than safety.tolerance and 10,000 rows. No row becomes
    // garbage while a run lasts, because its cut-off stands still: the surplus was made by somebody
    // who changes expirations or brings old rows back, or the database is another one since a
    // fail-over.
    void after_batch(const Tally& total) const;

private:
    const SafetySettings& m_settings;
    const Plan& m_plan;
    std::int64_t m_garbage = 0;
    std::int64_t m_unexpired = 0;
};

}  // namespace gc
