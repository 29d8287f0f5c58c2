// SPDX-License-Identifier: Apache-2.0
#include "gc/workers.hpp"

#include "gc/rows.hpp"
#include "gc/safety.hpp"
#include "gc/weight.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <unordered_map>
#include <utility>

namespace gc {

namespace {

using Candidates = std::vector<Candidate>;

// Candidates of one holder each, or of none, by the lowest id.
std::vector<Candidates> families_of(std::span<const Candidate> batch) {
    Candidates sorted(batch.begin(), batch.end());
    std::ranges::sort(sorted, {}, &Candidate::id);
    std::vector<Candidates> families;
    std::unordered_map<Id, std::size_t> of_holder;
    for (Candidate& candidate : sorted) {
        std::size_t family = families.size();
        if (candidate.parent_id) {
            family = of_holder.try_emplace(*candidate.parent_id, family).first->second;
        }
        if (family == families.size()) {
            families.emplace_back();
        }
        families[family].push_back(std::move(candidate));
    }
    return families;
}

// Whether one transaction may remove all of it.
bool is_light(const Weights& weights, const std::vector<Id>& ids, std::int64_t limit) {
    std::int64_t rows = 0;
    for (const Id id : ids) {
        rows += weights.of(id);
    }
    return rows <= limit;
}

// Sets `committing` while the outcome of the transaction is open.
void transact(Store& store, const Plan& plan, const PlannedTarget& planned, const Candidates& list,
              Bounds bounds, Share& share, bool& committing) {
    const std::vector<Id> ids = ids_of(list);
    if (!is_light(weigh(store, planned.satellites, ids, bounds.touched, bounds.touched), ids,
                  bounds.touched)) {
        share.reason = "more satellites than one transaction may touch";
        return;
    }
    const Exclusions none;
    store.begin();
    Removal removal(store, plan, bounds, none);
    removal.remove(planned, list);
    Safety::before_commit(removal.tally(), static_cast<std::int64_t>(list.size()));
    share.tally = removal.tally();
    share.postponed = removal.postponed();
    share.ids = removal.removed_ids();
    committing = true;
    store.commit();
    committing = false;
    share.outcome = Share::Outcome::committed;
}

}  // namespace

std::vector<Candidates> shares_of(std::span<const Candidate> batch, std::size_t count) {
    std::vector<Candidates> shares(std::max<std::size_t>(1, count));
    std::size_t share = 0;
    std::size_t placed = 0;
    for (Candidates& family : families_of(batch)) {
        while (placed * shares.size() >= (share + 1) * batch.size()) {
            ++share;
        }
        placed += family.size();
        std::ranges::move(family, std::back_inserter(shares[share]));
    }
    std::erase_if(shares, [](const Candidates& candidates) { return candidates.empty(); });
    return shares;
}

Share remove_plainly(Store& store, const Plan& plan, const PlannedTarget& planned,
                     const Candidates& list, Bounds bounds,
                     const Environment& environment) noexcept {
    Share share;
    bool committing = false;
    const auto start = environment.now();
    try {
        transact(store, plan, planned, list, bounds, share, committing);
    } catch (const util::Error& error) {
        share.error = error;
        share.reason = error.what();
        if (committing && error.kind() == util::ErrorKind::connection) {
            share.outcome = Share::Outcome::unknown;
        }
    } catch (const std::exception& exception) {
        share.reason = exception.what();
    }
    if (share.outcome != Share::Outcome::committed) {
        store.rollback();
    }
    share.took = std::chrono::duration_cast<std::chrono::milliseconds>(environment.now() - start);
    return share;
}

std::int64_t Workers::make_ready() {
    std::erase_if(m_sessions,
                  [this](Session& session) { return session.lost && !is_open_again(session); });
    while (std::ssize(m_sessions) < m_wanted) {
        try {
            m_sessions.push_back({.store = m_environment.open_worker()});
        } catch (const util::Error& error) {
            m_wanted = std::ssize(m_sessions);
            warn(error);
        }
    }
    return m_wanted;
}

bool Workers::is_open_again(Session& session) {
    try {
        session.store->reconnect();
        ++m_report.reconnects;
        session.lost = false;
    } catch (const util::Error& error) {
        --m_wanted;
        warn(error);
    }
    return !session.lost;
}

void Workers::warn(const util::Error& error) {
    if (!std::exchange(m_warned, true)) {
        const std::string text = fmt::format(
            "a session for a worker could not be opened, so the run goes on with fewer: {}",
            error.what());
        util::log_warning("{}", text);
        m_report.warnings.push_back(text);
    }
}

}  // namespace gc
