// SPDX-License-Identifier: Apache-2.0
// Satellites that need more care than "rows and what goes with them": more of them than one
// transaction may touch, and those without an owner.
#include "gc/batch.hpp"

#include "gc/rows.hpp"
#include "gc/weight.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace gc {

namespace {

using Parts = std::vector<std::span<const Candidate>>;

// Cuts a batch where a part would touch more rows than the limit, and around candidates to leave.
Parts cut(std::span<const Candidate> batch, const Weights& weights, const std::set<Id>& leave,
          std::int64_t limit) {
    Parts parts;
    std::size_t first = 0;
    std::int64_t rows = 0;
    const auto close = [&](std::size_t end) {
        if (end > first) {
            parts.push_back(batch.subspan(first, end - first));
        }
        first = end;
        rows = 0;
    };
    for (std::size_t i = 0; i < batch.size(); ++i) {
        if (leave.contains(batch[i].id)) {
            close(i);
            first = i + 1;
            continue;
        }
        const std::int64_t weight = weights.of(batch[i].id);
        if (rows + weight > limit) {
            close(i);
        }
        rows += weight;
    }
    close(batch.size());
    return parts;
}

}  // namespace

Parts Batches::divide(const PlannedTarget& planned, std::span<const Candidate> batch) {
    if (!batch.front().key.empty() || planned.satellites.empty()) {
        return {batch};
    }
    const std::int64_t limit = m_settings.limits.batch_rows;
    Weights weights =
        read([&] { return weigh(m_store, planned.satellites, ids_of(batch), limit, limit); });
    std::set<Id> leave;
    for (const HeavyOwner& owner : weights.heavy) {
        // Itself included it would not fit.
        if (weights.satellites.at(owner.id) < limit || leave.contains(owner.id)) {
            continue;
        }
        if (!drain(planned, planned.satellites.at(owner.satellite), owner)) {
            leave.insert(owner.id);
        }
    }
    for (auto& [id, rows] : weights.satellites) {
        rows = rows < limit ? rows : 0;
    }
    return cut(batch, weights, leave, limit);
}

// Each slice is a transaction of its own that first makes sure that the owner is still garbage.
bool Batches::drain(const PlannedTarget& planned, const Satellite& satellite,
                    const HeavyOwner& owner) {
    const std::int64_t limit = m_settings.limits.batch_rows;
    TargetTally& tally = m_report.tally[planned.target];
    std::int64_t left = owner.rows;
    for (bool first = true; left > 0; first = false) {
        if (first ? m_environment.stop.stop_requested() : !m_may_go_on()) {
            return false;
        }
        std::string kept;
        const std::int64_t removed = transact_slice(satellite, {owner.id}, left, [&] {
            kept = why_kept(planned, owner.id);
            return kept.empty() ? m_store.drain_satellites(satellite, owner.id, limit) : 0;
        });
        if (!kept.empty()) {
            leave(planned.target, owner.id, kept);
            return false;
        }
        tally.satellites[std::string(satellite.table)] += removed;
        left = removed < limit ? 0 : left - removed;
    }
    return true;
}

void Batches::leave(Target target, std::optional<Id> id, const std::string& reason) {
    TargetTally left;
    if (reason == "vanished") {
        left.vanished = 1;
    } else {
        left.kept[reason] = 1;
    }
    if (id && reason == "locked") {
        left.locked.push_back(*id);
    }
    add(m_report.tally, {{target, left}});
}

namespace {

// A code does not tell its client, and never changes it.
std::optional<Id> client_of(const Candidate& row, Target target, const EarlyCondition& early) {
    const bool is_code = target == Target::authorization_code || target == Target::device_code;
    return is_code && !early.clients.empty() ? std::optional(early.clients.front()) : row.client_id;
}

bool still_chosen(const Candidate& row, const PlannedTarget& planned) {
    const auto& early = planned.policy.early;
    return early ? early->holds(row.expiration, client_of(row, planned.target, *early))
                 : classify(row, planned.target, planned.policy) == Verdict::collect;
}

}  // namespace

// Locked before it is looked at, so that it cannot come to life in between.
std::string Batches::why_kept(const PlannedTarget& planned, Id id) {
    if (m_store.lock(planned.target, {id}).empty()) {
        return m_store.existing(planned.target, {id}).empty() ? "vanished" : "locked";
    }
    const auto row = m_store.find(planned.target, id, planned.policy);
    return row && still_chosen(*row, planned) ? "" : "changed";
}

std::size_t Batches::remove_ownerless(const Satellite& satellite,
                                      std::span<const Candidate> owners) {
    const auto start = m_environment.now();
    const std::int64_t limit = std::min(rows_left(m_settings.limits.max_rows, m_report.tally),
                                        m_settings.limits.batch_rows);
    std::vector<Id> ids =
        ids_of(owners.first(std::min(owners.size(), static_cast<std::size_t>(size()))));
    const auto rows_of_ids = [&] {
        return read([&] { return m_store.count_satellites(satellite, ids); });
    };
    std::int64_t rows = rows_of_ids();
    while (rows > limit && ids.size() > 1) {
        ids.resize(ids.size() / 2);
        rows = rows_of_ids();
    }
    const bool fits = rows <= limit;
    const std::int64_t removed = transact_slice(satellite, ids, rows, [&] {
        return fits ? m_store.remove_ownerless(satellite, ids)
                    : drain_ownerless(satellite, ids.front(), limit);
    });
    const TargetTally tally{.scanned = removed,
                            .removed = removed,
                            .satellites = {{std::string(satellite.table), removed}}};
    settle({{Target::satellite, tally}}, static_cast<std::int64_t>(ids.size()), start);
    return fits || removed < limit ? ids.size() : 0;
}

// An owner may have come back under the same id only if the server was restarted meanwhile, which
// ends this transaction.
std::int64_t Batches::drain_ownerless(const Satellite& satellite, Id owner, std::int64_t limit) {
    const Target target = target_of(satellite.owner_table).value();
    const bool ownerless = m_store.existing(target, {owner}).empty();
    return ownerless ? m_store.drain_satellites(satellite, owner, limit) : 0;
}

// Fewer satellites than before tell that a COMMIT was carried out although the connection broke.
std::int64_t Batches::transact_slice(const Satellite& satellite, const std::vector<Id>& owners,
                                     std::int64_t rows_before,
                                     const std::function<std::int64_t()>& removal) {
    std::optional<std::int64_t> committing;
    return read([&]() -> std::int64_t {
        if (const auto rows = std::exchange(committing, std::nullopt);
            rows && m_store.count_satellites(satellite, owners) < rows_before) {
            count_transaction(m_environment.now());
            return *rows;
        }
        const auto start = m_environment.now();
        m_store.begin();
        try {
            const std::int64_t rows = removal();
            committing = rows;
            m_store.commit();
            count_transaction(start);
            return rows;
        } catch (const util::Error& error) {
            m_store.rollback();
            if (error.kind() != util::ErrorKind::connection) {
                committing.reset();
            }
            throw;
        }
    });
}

}  // namespace gc
