// SPDX-License-Identifier: Apache-2.0
// A batch that several sessions remove at the same time, each a list of its own.
#include "gc/batch.hpp"

#include "util/log.hpp"

#include <algorithm>
#include <future>
#include <system_error>
#include <utility>

namespace gc {

namespace {

bool failed_with(const Share& share, util::ErrorKind kind) {
    return share.error && share.error->kind() == kind;
}

// A list that may be tried again; any other failure is that of the run.
bool is_for_another_try(const Share& share) {
    return !share.error || failed_with(share, util::ErrorKind::transient) ||
           failed_with(share, util::ErrorKind::connection);
}

}  // namespace

std::int64_t Batches::size_together() {
    return size() * (m_workers.make_ready() + 1);
}

// Every session tries its list once. What is left is for the run's own session alone, after all of
// them have ended: so the gate, the limits, the report, the lock of the run and the rules about
// what is tried again have one place and one thread, and a run that lost its lock commits no more
// than the transactions in hand.
void Batches::remove_together(const PlannedTarget& planned, std::span<const Candidate> batch,
                              const Count& count) {
    const Lists lists =
        shares_of(batch, static_cast<std::size_t>(m_workers.make_ready()) + std::size_t{1});
    std::vector<Share> shares = try_lists(planned, lists);
    for (std::size_t i = 0; i < lists.size(); ++i) {
        take_over(shares[i]);
        count(lists[i], removed_by(shares[i], planned.target));
    }
    learn_from(lists, shares);
    for (std::size_t i = 0; i < lists.size(); ++i) {
        if (shares[i].outcome != Share::Outcome::committed) {
            settle_left(planned, lists[i], shares[i], i == 0, count);
        }
    }
    remove_postponed();
}

std::vector<Share> Batches::try_lists(const PlannedTarget& planned, const Lists& lists) {
    const Bounds bounds{.budget = rows_left(m_settings.limits.max_rows, m_report.tally),
                        .touched = m_settings.limits.batch_rows};
    const auto try_list = [&](Store& store, const std::vector<Candidate>& list) {
        return remove_plainly(store, m_report.plan, planned, list, bounds, m_environment);
    };
    std::vector<Share> shares(lists.size());
    std::vector<std::future<Share>> others;  // of the second list and on
    try {
        while (others.size() + 1 < lists.size()) {
            const std::size_t next = others.size() + 1;
            others.push_back(std::async(std::launch::async, [&, next] {
                return try_list(m_workers.at(next - 1), lists[next]);
            }));
        }
    } catch (const std::system_error& error) {
        util::log_debug("no thread for a worker: {}", error.what());
    }
    shares.front() = try_list(m_store, lists.front());
    for (std::size_t i = 0; i < others.size(); ++i) {
        shares[i + 1] = others[i].get();
        if (failed_with(shares[i + 1], util::ErrorKind::connection)) {
            m_workers.lost(i);
        }
    }
    return shares;
}

void Batches::take_over(const Share& share) {
    if (share.outcome != Share::Outcome::committed) {
        return;
    }
    add(m_report.tally, share.tally);
    for (const auto& [target, ids] : share.postponed) {
        m_postponed[target].insert(m_postponed[target].end(), ids.begin(), ids.end());
    }
    ++m_report.batches;
    m_locked_in_a_row = 0;
    m_report.longest_batch = std::max(m_report.longest_batch, share.took);
}

std::int64_t Batches::removed_by(const Share& share, Target target) {
    const auto found = share.tally.find(target);
    return share.outcome == Share::Outcome::committed && found != share.tally.end()
               ? found->second.removed
               : 0;
}

// The slowest of them tells how large the next may be.
void Batches::learn_from(const Lists& lists, const std::vector<Share>& shares) {
    const bool conflict = std::ranges::any_of(
        shares, [](const Share& share) { return failed_with(share, util::ErrorKind::transient); });
    const bool blocked = m_environment.blocked_others && m_environment.blocked_others();
    if (blocked) {
        ++m_report.blocked_others;
    }
    if (conflict || blocked) {
        m_size.conflict();
        return;
    }
    const auto slowest = std::ranges::max_element(shares, {}, [](const Share& share) {
        return std::pair(share.outcome == Share::Outcome::committed, share.took);
    });
    if (slowest->outcome == Share::Outcome::committed) {
        const auto& list = lists[static_cast<std::size_t>(slowest - shares.begin())];
        m_size.finished(std::ssize(list), rows_touched(slowest->tally), slowest->took);
    }
}

// With the run's own session, by the rules for any batch.
void Batches::settle_left(const PlannedTarget& planned, const std::vector<Candidate>& list,
                          Share& share, bool own, const Count& count) {
    util::log_debug("a list of {} candidates is tried again: {}", list.size(), share.reason);
    if (!is_for_another_try(share)) {
        throw util::Error(*share.error);
    }
    if (own && share.error) {
        recover(*share.error, 1);
    } else if (share.error) {
        ++m_report.conflicts;
    }
    if (share.outcome == Share::Outcome::unknown &&
        read([&] { return m_store.existing(planned.target, share.ids).empty(); })) {
        share.outcome = Share::Outcome::committed;
        take_over(share);
        count(list, removed_by(share, planned.target));
    } else if (m_may_go_on()) {
        const std::int64_t before = m_report.tally[planned.target].removed;
        remove(planned, list);
        count(list, m_report.tally[planned.target].removed - before);
    }
}

}  // namespace gc
