// SPDX-License-Identifier: Apache-2.0
#include "gc/batch.hpp"

#include "gc/rows.hpp"
#include "gc/safety.hpp"
#include "gc/throttle.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gc {

namespace {

using std::chrono::milliseconds;

// A batch is split after this many conflicts, a single row is left after one more.
constexpr std::int64_t k_tries_before_split = 2;
constexpr std::int64_t k_tries_of_one_row = 3;

milliseconds since(std::chrono::steady_clock::time_point start, const Environment& environment) {
    return std::chrono::duration_cast<milliseconds>(environment.now() - start);
}

}  // namespace

Batches::Batches(Store& store, const Settings& settings, const Environment& environment,
                 RunReport& report, std::function<bool()> may_go_on)
    : m_store(store),
      m_settings(settings),
      m_environment(environment),
      m_report(report),
      m_may_go_on(std::move(may_go_on)),
      // A dry run locks nothing, so small batches would spare nobody.
      m_size(settings.limits, settings.throttle.full_speed || report.dry_run),
      m_random(static_cast<std::minstd_rand::result_type>(report.plan.clock.unix_milliseconds)),
      m_workers(environment, settings.limits.workers - 1, report) {}

double Batches::jitter() {
    return std::uniform_real_distribution<double>(0.0, 1.0)(m_random);
}

void Batches::remove(const PlannedTarget& planned, std::span<const Candidate> batch) {
    bool first = true;
    for (const auto part : divide(planned, batch)) {
        if (first ? m_environment.stop.stop_requested() : !m_may_go_on()) {
            break;
        }
        attempt(planned, part);
        first = false;
    }
    remove_postponed();
}

void Batches::remember_postponed() {
    for (const auto& [target, ids] : m_pending.postponed) {
        m_postponed[target].insert(m_postponed[target].end(), ids.begin(), ids.end());
    }
}

// What a stop leaves here is an orphan for the walk of another run.
void Batches::remove_postponed() {
    const Postponed postponed = std::exchange(m_postponed, {});
    for (const auto& [target, ids] : postponed) {
        if (!m_may_go_on()) {
            return;
        }
        std::vector<Candidate> batch;
        for (const Id id : ids) {
            batch.emplace_back().id = id;
        }
        m_report.tally[target].scanned += static_cast<std::int64_t>(ids.size());
        remove(m_report.plan.of(target), batch);
    }
}

void Batches::attempt(const PlannedTarget& planned, std::span<const Candidate> batch) {
    Exclusions exclusions;
    std::int64_t failures = 0;
    while (!m_environment.stop.stop_requested() || failures == 0) {
        const Outcome outcome = attempt_once(planned, batch, exclusions, failures + 1);
        if (outcome != Outcome::again) {
            return;
        }
        ++failures;
        if (batch.size() > 1 && failures >= k_tries_before_split) {
            attempt(planned, batch.first(batch.size() / 2));
            attempt(planned, batch.subspan(batch.size() / 2));
            return;
        }
    }
}

Batches::Outcome Batches::attempt_once(const PlannedTarget& planned,
                                       std::span<const Candidate> batch, Exclusions& exclusions,
                                       std::int64_t failures) {
    while (true) {
        try {
            transact(planned, batch, exclusions);
            remember_postponed();
            return Outcome::committed;
        } catch (const Survivors& survivors) {
            m_store.rollback();
            survivors.exclude_from(exclusions);
        } catch (const util::Error& error) {
            m_store.rollback();
            const bool unknown = std::exchange(m_committing, false);
            if (error.kind() == util::ErrorKind::transient) {
                m_size.conflict();
                if (batch.size() == 1 && failures >= k_tries_of_one_row) {
                    leave_locked(planned, batch.front(), error);
                    return Outcome::given_up;
                }
            }
            recover(error, failures);
            if (error.kind() == util::ErrorKind::connection && unknown &&
                was_committed(planned.target)) {
                add(m_report.tally, m_pending.tally);
                remember_postponed();
                count_transaction(m_environment.now());
                return Outcome::committed;
            }
            return Outcome::again;
        }
    }
}

void Batches::transact(const PlannedTarget& planned, std::span<const Candidate> batch,
                       const Exclusions& exclusions) {
    const auto start = m_environment.now();
    const Bounds bounds{.budget = rows_left(m_settings.limits.max_rows, m_report.tally),
                        .touched = m_settings.limits.batch_rows};
    m_committing = false;
    m_store.begin();
    Removal removal(m_store, m_report.plan, bounds, exclusions);
    removal.remove(planned, {batch.begin(), batch.end()});
    m_pending = {.tally = removal.tally(),
                 .ids = removal.removed_ids(),
                 .keys = removal.removed_keys(),
                 .postponed = removal.postponed()};
    Safety::before_commit(m_pending.tally, static_cast<std::int64_t>(batch.size()));
    m_committing = true;
    m_store.commit();
    m_committing = false;
    count_transaction(start);
    settle(m_pending.tally, static_cast<std::int64_t>(batch.size()), start);
}

void Batches::count_transaction(std::chrono::steady_clock::time_point start) {
    ++m_report.batches;
    m_locked_in_a_row = 0;
    m_report.longest_batch = std::max(m_report.longest_batch, since(start, m_environment));
}

void Batches::settle(const Tally& tally, std::int64_t candidates,
                     std::chrono::steady_clock::time_point start) {
    add(m_report.tally, tally);
    if (m_environment.blocked_others && m_environment.blocked_others()) {
        ++m_report.blocked_others;
        m_size.conflict();
        util::log_debug("another session waited for this batch, the next takes {} rows", size());
    } else {
        m_size.finished(candidates, rows_touched(tally), since(start, m_environment));
    }
}

// The connection broke during COMMIT: when nothing of the batch is there any more, it was carried
// out.
bool Batches::was_committed(Target target) {
    return read([&] {
        return m_pending.keys.empty() ? m_store.existing(target, m_pending.ids).empty()
                                      : m_store.existing_keys(target, m_pending.keys).empty();
    });
}

void Batches::leave_locked(const PlannedTarget& planned, const Candidate& candidate,
                           const util::Error& error) {
    ++m_report.conflicts;
    const bool named = candidate.key.empty();
    leave(planned.target, named ? std::optional(candidate.id) : std::nullopt, "locked");
    util::log_warning("{} {} stays, another session keeps it locked", name(planned.target),
                      named ? std::to_string(candidate.id) : "row");
    if (++m_locked_in_a_row >= m_settings.retry.attempts) {
        throw util::Error(
            util::ErrorKind::busy,
            fmt::format("{} rows in a row were locked by other sessions, so the run stops here; "
                        "look for a long transaction or a table lock, then run again ({})",
                        m_locked_in_a_row, error.what()));
    }
}

void Batches::recover(const util::Error& error, std::int64_t failures) {
    const bool transient = error.kind() == util::ErrorKind::transient;
    if (!transient && error.kind() != util::ErrorKind::connection) {
        throw util::Error(error);
    }
    if (failures > m_settings.retry.attempts) {
        throw util::Error(transient ? util::ErrorKind::busy : util::ErrorKind::connection,
                          error.what());
    }
    ++m_report.conflicts;
    const milliseconds wait = backoff(m_settings.retry, failures, jitter());
    util::log_debug("trying again in {} ms: {}", wait.count(), error.what());
    m_report.add_pause("retry", wait);
    m_environment.pause(wait);
    if (!transient) {
        reconnect();
    }
}

void Batches::reconnect() {
    for (std::int64_t failures = 1;; ++failures) {
        try {
            m_store.reconnect();
            ++m_report.reconnects;
            const LockHolder lock = m_store.try_lock_run();
            if (!lock.acquired) {
                throw util::Error(
                    util::ErrorKind::busy,
                    fmt::format("after the connection was lost another run took the lock ({}); "
                                "nothing is left half done, run again later",
                                lock.holder));
            }
            return;
        } catch (const util::Error& error) {
            if (error.kind() != util::ErrorKind::connection ||
                failures >= m_settings.retry.attempts || m_environment.stop.stop_requested()) {
                throw;
            }
            const milliseconds wait = backoff(m_settings.retry, failures, jitter());
            m_report.add_pause("retry", wait);
            m_environment.pause(wait);
        }
    }
}

}  // namespace gc
