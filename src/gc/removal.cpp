// SPDX-License-Identifier: Apache-2.0
#include "gc/removal.hpp"

#include "gc/rows.hpp"
#include "gc/weight.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace gc {

namespace {

// Rows other rows refer to: they are locked first, then looked at once more (iam-database.md 3.2).
bool is_referred_to(Target target) {
    return target == Target::refresh_token || !expires(target);
}

}  // namespace

bool Exclusions::contains(Target target, Id id) const {
    const auto found = ids.find(target);
    return found != ids.end() && found->second.contains(id);
}

void Survivors::exclude_from(Exclusions& exclusions) const {
    exclusions.ids[m_target].insert(m_ids.begin(), m_ids.end());
    exclusions.keys.insert(m_keys.begin(), m_keys.end());
}

const PlannedTarget& Removal::planned_of(Target target) const {
    return m_chosen != nullptr && m_chosen->target == target ? *m_chosen : m_plan.of(target);
}

void Removal::remove(const PlannedTarget& planned, const std::vector<Candidate>& batch) {
    m_chosen = &planned;
    const Target target = planned.target;
    if (target == Target::iam_revoked_at || target == Target::spring_session) {
        keys(target, batch);
        return;
    }
    std::vector<LockedRow> rows;
    rows.reserve(batch.size());
    for (const Candidate& candidate : batch) {
        if (m_exclusions.contains(target, candidate.id)) {
            ++m_tally[target].kept["changed"];
        } else {
            rows.push_back({.id = candidate.id, .parent_id = candidate.parent_id});
        }
    }
    std::vector<std::int64_t> satellites;
    if (is_referred_to(target)) {
        rows = lock_orphans(target, rows, false);
        satellites = satellites_of_locked(target, rows);
    }
    m_removed_ids = ids_of(rows);
    family(target, {.rows = std::move(rows), .satellites = std::move(satellites)});
}

std::vector<std::int64_t> Removal::satellites_of_locked(Target target,
                                                        const std::vector<LockedRow>& rows) {
    const std::vector<Satellite>& satellites = planned_of(target).satellites;
    const bool any = std::ranges::any_of(
        satellites, [&](const Satellite& satellite) { return m_store.cascades(satellite); });
    return any && !rows.empty()
               ? m_store.satellite_rows(satellites, ids_of(rows), m_touched_at_most)
               : std::vector<std::int64_t>{};
}

std::int64_t Removal::family(Target target, Doomed doomed) {
    std::vector<LockedRow>& rows = doomed.rows;
    if (static_cast<std::int64_t>(rows.size()) > m_budget) {
        rows.resize(static_cast<std::size_t>(std::max<std::int64_t>(m_budget, 0)));
        doomed.satellites.clear();
    }
    const auto taken = static_cast<std::int64_t>(rows.size());
    if (taken > 0) {
        m_budget -= taken;
        const std::vector<Id> ids = ids_of(rows);
        remove_satellites(target, ids, doomed.satellites);
        remove_rows(target, ids);
        follow(target, rows);
    }
    return taken;
}

// What is left to a foreign key is counted all the same. The owner was locked before it was
// counted, so no session can give it another row until it is gone, and none that is counted is left
// when it is: an owner that outlives its own condition keeps all of them.
void Removal::remove_satellites(Target target, const std::vector<Id>& ids,
                                const std::vector<std::int64_t>& counted) {
    const std::vector<Satellite>& satellites = planned_of(target).satellites;
    TargetTally& tally = m_tally[target];
    for (std::size_t i = 0; i < satellites.size(); ++i) {
        const bool known = i < counted.size() && counted[i] < m_touched_at_most;
        const bool no_statement = known && (counted[i] == 0 || m_store.cascades(satellites[i]));
        tally.satellites[std::string(satellites[i].table)] +=
            no_statement ? counted[i] : m_store.remove_satellites(satellites[i], ids);
    }
}

void Removal::remove_rows(Target target, const std::vector<Id>& ids) {
    const PlannedTarget& planned = planned_of(target);
    TargetTally& tally = m_tally[target];
    const std::int64_t removed = m_store.remove(target, ids, planned.policy);
    const auto missing = static_cast<std::int64_t>(ids.size()) - removed;
    if (missing > 0) {
        std::vector<Id> survivors = m_store.existing(target, ids);
        if (!survivors.empty()) {
            throw Survivors(target, std::move(survivors));
        }
    }
    tally.removed += removed;
    tally.vanished += missing;
}

void Removal::follow(Target target, const std::vector<LockedRow>& removed) {
    const auto next = followed_by(target);
    if (!next || !m_plan.active(*next)) {
        return;
    }
    const Policy& policy = m_plan.of(*next).policy;
    std::vector<LockedRow> parents;
    std::unordered_set<Id> seen;
    for (const LockedRow& row : removed) {
        // A user authentication is made together with its holder, and the holder is old enough.
        const bool old_enough = row.parent_id && (*next == Target::saved_user_auth ||
                                                  *row.parent_id <= policy.safe_point.value_or(0));
        if (old_enough && seen.insert(*row.parent_id).second &&
            !m_exclusions.contains(*next, *row.parent_id)) {
            parents.push_back({.id = *row.parent_id});
        }
    }
    m_tally[*next].scanned += family(*next, fitting(*next, lock_orphans(*next, parents, true)));
}

Removal::Doomed Removal::fitting(Target target, std::vector<LockedRow> orphans) {
    std::int64_t room = m_touched_at_most - rows_touched(m_tally);
    Weights weights =
        weigh(m_store, m_plan.of(target).satellites, ids_of(orphans), m_touched_at_most, room);
    std::erase_if(orphans, [&](const LockedRow& row) {
        const std::int64_t rows = weights.of(row.id);
        if (rows > room) {
            m_postponed[target].push_back(row.id);
            return true;
        }
        room -= rows;
        return false;
    });
    return {.rows = std::move(orphans), .satellites = std::move(weights.rows)};
}

std::vector<LockedRow> Removal::lock_orphans(Target target, const std::vector<LockedRow>& rows,
                                             bool follower) {
    if (rows.empty()) {
        return {};
    }
    std::vector<LockedRow> locked = m_store.lock(target, ids_of(rows));
    if (!follower) {
        count_missing(target, rows, locked);
    }
    if (locked.empty()) {
        return locked;
    }
    const std::vector<Id> found = m_store.referenced(target, ids_of(locked));
    const std::unordered_set<Id> referenced(found.begin(), found.end());
    const auto erased =
        std::erase_if(locked, [&](const LockedRow& row) { return referenced.contains(row.id); });
    if (!follower && erased > 0) {
        m_tally[target].kept[std::string(name(Verdict::keep_referenced))] +=
            static_cast<std::int64_t>(erased);
    }
    return locked;
}

void Removal::count_missing(Target target, const std::vector<LockedRow>& rows,
                            const std::vector<LockedRow>& locked) {
    if (locked.size() == rows.size()) {
        return;
    }
    std::unordered_set<Id> missing;
    for (const LockedRow& row : rows) {
        missing.insert(row.id);
    }
    for (const LockedRow& row : locked) {
        missing.erase(row.id);
    }
    const std::vector<Id> held = m_store.existing(target, {missing.begin(), missing.end()});
    TargetTally& tally = m_tally[target];
    tally.vanished += static_cast<std::int64_t>(missing.size() - held.size());
    if (!held.empty()) {
        tally.kept["locked"] += static_cast<std::int64_t>(held.size());
        tally.locked.insert(tally.locked.end(), held.begin(), held.end());
    }
}

void Removal::keys(Target target, const std::vector<Candidate>& batch) {
    const PlannedTarget& planned = planned_of(target);
    TargetTally& tally = m_tally[target];
    std::vector<std::string> doomed;
    for (const Candidate& candidate : batch) {
        if (m_exclusions.keys.contains(candidate.key)) {
            ++tally.kept["changed"];
        } else {
            doomed.push_back(candidate.key);
        }
    }
    m_removed_keys = doomed;
    if (doomed.empty()) {
        return;
    }
    for (const Satellite& satellite : planned.satellites) {
        tally.satellites[std::string(satellite.table)] +=
            m_store.remove_key_satellites(target, doomed, planned.policy);
    }
    const std::int64_t removed = m_store.remove_keys(target, doomed, planned.policy);
    const auto missing = static_cast<std::int64_t>(doomed.size()) - removed;
    if (missing > 0) {
        std::vector<std::string> survivors = m_store.existing_keys(target, doomed);
        if (!survivors.empty()) {
            throw Survivors(std::move(survivors));
        }
    }
    tally.removed += removed;
    tally.vanished += missing;
}

}  // namespace gc
