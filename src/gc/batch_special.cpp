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

std::size_t Batches::remove_ownerless(const Satellite& satellite,
                                      std::span<const Candidate> owners) {
    const auto start = m_environment.now();
    const std::int64_t budget = rows_left(m_settings.limits.max_rows, m_report.tally);
    const std::int64_t bound = std::min(budget, m_settings.limits.batch_rows);
    const auto rows_of = [&](std::size_t count) {
        return read(
            [&] { return m_store.count_satellites(satellite, ids_of(owners.first(count))); });
    };
    std::size_t count = std::min(owners.size(), static_cast<std::size_t>(size()));
    while (count > 1 && rows_of(count) > bound) {
        count /= 2;
    }
    const std::vector<Id> ids = ids_of(owners.first(count));
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
    TargetTally tally{.scanned = removed, .removed = removed};
    tally.satellites[std::string(satellite.table)] = removed;
    settle({{Target::satellite, tally}}, static_cast<std::int64_t>(count), start);
    const milliseconds took = std::chrono::duration_cast<milliseconds>(m_environment.now() - start);
    m_report.longest_batch = std::max(m_report.longest_batch, took);
    return count;
}

}  // namespace gc
