// SPDX-License-Identifier: Apache-2.0
// The two kinds of batches that are not "rows and what follows them": big owners in slices, and
// ownerless satellites.
#include "gc/batch.hpp"

#include "gc/rows.hpp"

#include <algorithm>

namespace gc {

namespace {

using std::chrono::milliseconds;

}  // namespace

void Batches::drain_heavy(const PlannedTarget& planned, std::span<const Candidate> batch) {
    if (batch.front().key.empty()) {
        for (const Satellite& satellite : planned.satellites) {
            const auto heavy = read([&] {
                return m_store.heavy_owners(satellite, ids_of(batch), m_settings.limits.batch_rows);
            });
            for (const HeavyOwner& owner : heavy) {
                drain(planned, satellite, owner.id);
            }
        }
    }
}

// Each slice is a transaction of its own that first makes sure that the owner is still garbage.
void Batches::drain(const PlannedTarget& planned, const Satellite& satellite, Id owner) {
    const std::int64_t limit = m_settings.limits.batch_rows;
    std::int64_t removed = limit;
    while (removed == limit && !m_environment.stop.stop_requested()) {
        removed = read([&]() -> std::int64_t {
            m_store.begin();
            try {
                auto row = m_store.find(planned.target, owner, planned.policy);
                const bool garbage =
                    row && !m_store.lock(planned.target, {owner}).empty() &&
                    classify(*row, planned.target, planned.policy) == Verdict::collect;
                const std::int64_t rows =
                    garbage ? m_store.drain_satellites(satellite, owner, limit) : 0;
                m_store.commit();
                return rows;
            } catch (...) {
                m_store.rollback();
                throw;
            }
        });
        m_report.tally[planned.target].satellites[std::string(satellite.table)] += removed;
        ++m_report.batches;
    }
}

milliseconds Batches::remove_ownerless(const Satellite& satellite,
                                       const std::vector<Candidate>& owners) {
    const auto start = m_environment.now();
    std::size_t at = 0;
    while (at < owners.size() && !m_environment.stop.stop_requested()) {
        const std::int64_t budget = rows_left(m_settings.limits.max_rows, m_report.tally);
        if (budget == 0) {
            break;
        }
        std::size_t count = std::min(owners.size() - at, static_cast<std::size_t>(size()));
        const auto rows_of = [&](std::size_t n) {
            return read([&] {
                return m_store.count_satellites(satellite,
                                                ids_of(std::span(owners).subspan(at, n)));
            });
        };
        const std::int64_t bound = std::min(budget, m_settings.limits.batch_rows);
        while (count > 1 && rows_of(count) > bound) {
            count /= 2;
        }
        const std::vector<Id> ids = ids_of(std::span(owners).subspan(at, count));
        const std::int64_t removed = read([&]() -> std::int64_t {
            m_store.begin();
            try {
                const std::int64_t rows = m_store.remove_ownerless(satellite, ids);
                m_store.commit();
                return rows;
            } catch (...) {
                m_store.rollback();
                throw;
            }
        });
        TargetTally tally;
        tally.scanned = removed;
        tally.removed = removed;
        tally.satellites[std::string(satellite.table)] = removed;
        settle({{Target::satellite, tally}}, static_cast<std::int64_t>(count), start);
        at += count;
    }
    return std::chrono::duration_cast<milliseconds>(m_environment.now() - start);
}

}  // namespace gc
