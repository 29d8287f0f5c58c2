// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "gc/run_report.hpp"
#include "gc/store.hpp"

#include <exception>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace gc {

// Rows a batch has to do without: they turned out to live.
struct Exclusions {
    std::map<Target, std::set<Id>> ids{};
    std::set<std::string> keys{};

    bool contains(Target target, Id id) const;
};

// What bounds one transaction.
struct Bounds {
    std::int64_t budget = 0;   // rows of targets that may go at most, satellites not counted
    std::int64_t touched = 0;  // rows touched at most, satellites included
};

// Orphans that are too large to go in the transaction that made them orphans.
using Postponed = std::map<Target, std::vector<Id>>;

// Thrown when rows survived their own condition after their children were removed: the transaction
// must be rolled back and tried without them (architecture.md "Flow", remove).
class Survivors : public std::exception {
public:
    Survivors(Target target, std::vector<Id> ids) : m_target(target), m_ids(std::move(ids)) {}
    explicit Survivors(std::vector<std::string> keys) : m_keys(std::move(keys)) {}

    const char* what() const noexcept override { return "rows outlived their batch"; }
    void exclude_from(Exclusions& exclusions) const;

private:
    Target m_target = Target::access_token;
    std::vector<Id> m_ids{};
    std::vector<std::string> m_keys{};
};

// What one transaction removes: children before parents, then the holders that became orphans by
// it, then their user authentications. Runs inside a transaction that the caller began; the caller
// commits.
class Removal {
public:
    Removal(Store& store, const Plan& plan, Bounds bounds, const Exclusions& exclusions)
        : m_store(store),
          m_plan(plan),
          m_budget(bounds.budget),
          m_touched_at_most(bounds.touched),
          m_exclusions(exclusions) {}

    // Removes the batch; throws Survivors, or util::Error of the store.
    void remove(const PlannedTarget& planned, const std::vector<Candidate>& batch);

    const Tally& tally() const { return m_tally; }

    // What of the batch itself was removed: ids, or keys where the target has those.
    const std::vector<Id>& removed_ids() const { return m_removed_ids; }
    const std::vector<std::string>& removed_keys() const { return m_removed_keys; }

    // Orphans by this removal that are left, because with their satellites the transaction would
    // have touched too many rows. They are the caller's, once it committed.
    const Postponed& postponed() const { return m_postponed; }

private:
    // Locked rows, and how many satellites they have by table where that was counted.
    struct Doomed {
        std::vector<LockedRow> rows{};
        std::vector<std::int64_t> satellites{};
    };

    // Removes rows and what follows them, as many as the budget lets; returns how many rows.
    std::int64_t family(Target target, Doomed doomed);
    void follow(Target target, const std::vector<LockedRow>& removed);
    // Those of the orphans that fit this transaction; the others are postponed.
    Doomed fitting(Target target, std::vector<LockedRow> orphans);
    // Counts them where rows may be left to a foreign key.
    std::vector<std::int64_t> satellites_of_locked(Target target,
                                                   const std::vector<LockedRow>& rows);
    // counted: by table, of owners that are locked.
    void remove_satellites(Target target, const std::vector<Id>& ids,
                           const std::vector<std::int64_t>& counted);
    void keys(Target target, const std::vector<Candidate>& batch);
    std::vector<LockedRow> lock_orphans(Target target, const std::vector<LockedRow>& rows,
                                        bool follower);
    void count_missing(Target target, const std::vector<LockedRow>& rows,
                       const std::vector<LockedRow>& locked);
    void remove_rows(Target target, const std::vector<Id>& ids);

    const PlannedTarget& planned_of(Target target) const;

    Store& m_store;
    const Plan& m_plan;
    const PlannedTarget* m_chosen = nullptr;  // of the batch; a policy may have its own condition
    std::int64_t m_budget;
    std::int64_t m_touched_at_most;
    const Exclusions& m_exclusions;
    Tally m_tally{};
    std::vector<Id> m_removed_ids{};
    std::vector<std::string> m_removed_keys{};
    Postponed m_postponed{};
};

}  // namespace gc
