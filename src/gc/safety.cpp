// SPDX-License-Identifier: Apache-2.0
#include "gc/safety.hpp"

#include "util/error.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gc {

namespace {

using std::chrono::milliseconds;

// Fewer than that are no sign of anything: rows expire and come back by the thousand while a server
// works.
constexpr std::int64_t k_least_surplus = 10'000;

// No identity server with this schema is older.
constexpr std::chrono::sys_days k_first_day{std::chrono::year{2020} / 1 / 1};

[[noreturn]] void refuse(const std::string& message) {
    throw util::Error(util::ErrorKind::data, message);
}

std::int64_t share_of(double share, std::int64_t rows) {
    return static_cast<std::int64_t>(share * static_cast<double>(rows));
}

}  // namespace

void require_sane_clock(const DatabaseClock& clock, std::chrono::sys_time<milliseconds> host,
                        const ClockSettings& settings) {
    const std::chrono::sys_time<milliseconds> database{milliseconds{clock.unix_milliseconds}};
    if (database < k_first_day || clock.now < k_first_day) {
        refuse(fmt::format("the database's clock says {}, which cannot be; set the server's clock",
                           util::format_time(clock.now)));
    }
    const milliseconds apart = database < host ? host - database : database - host;
    if (apart > settings.host_tolerance) {
        refuse(fmt::format(
            "the database's clock and this machine's differ by {} ({} and {} UTC), more than "
            "clock.host_tolerance of {}; set whichever is wrong",
            util::format_duration(std::chrono::floor<std::chrono::seconds>(apart)),
            util::format_time(std::chrono::floor<std::chrono::seconds>(database)),
            util::format_time(std::chrono::floor<std::chrono::seconds>(host)),
            util::format_duration(settings.host_tolerance)));
    }
}

void Safety::before_removal(const PlannedTarget& planned, const std::vector<Candidate>& garbage) {
    m_garbage += static_cast<std::int64_t>(garbage.size());
    m_unexpired += std::ranges::count_if(garbage, [&](const Candidate& candidate) {
        return candidate.expiration ? *candidate.expiration > planned.policy.now
                                    : planned.policy.early.has_value();
    });
    const std::int64_t allowed = std::max(m_settings.max_unexpired_rows,
                                          share_of(m_settings.max_unexpired_share, m_garbage));
    if (m_unexpired > allowed) {
        refuse(fmt::format(
            "{} rows of {} that have not expired were about to be removed, and safety."
            "max_unexpired_rows and safety.max_unexpired_share allow {}; nothing of this batch "
            "was removed",
            m_unexpired, name(planned.target), allowed));
    }
}

EarlyNote Safety::early(const std::map<std::string, std::int64_t>& unexpired_by_policy,
                        std::int64_t chosen) const {
    EarlyNote note;
    for (const auto& [policy, rows] : unexpired_by_policy) {
        note.unexpired += rows;
    }
    for (const auto& [target, rows] : m_plan.expected) {
        chosen += rows;
    }
    note.allowed =
        std::max(m_settings.max_unexpired_rows, share_of(m_settings.max_unexpired_share, chosen));
    return note;
}

void Safety::require_allowed(const EarlyNote& note,
                             const std::map<std::string, std::int64_t>& unexpired_by_policy) {
    if (note.unexpired <= note.allowed) {
        return;
    }
    std::string policies;
    for (const auto& [policy, rows] : unexpired_by_policy) {
        policies += fmt::format("{}{} {}", policies.empty() ? "" : ", ", policy, rows);
    }
    refuse(
        fmt::format("the policies choose {0} tokens that have not expired ({1}), and "
                    "safety.max_unexpired_rows and safety.max_unexpired_share allow {2}, so "
                    "nothing was removed; set safety.max_unexpired_rows to {0} or more if that "
                    "is what you want",
                    note.unexpired, policies, note.allowed));
}

void Safety::before_commit(const Tally& batch, std::int64_t candidates) {
    for (const auto& [target, tally] : batch) {
        if (tally.removed > candidates) {
            refuse(fmt::format(
                "a batch of {} candidates removed {} rows of {}, so the batch was rolled back and "
                "the run stops; look for triggers or rules on that table",
                candidates, tally.removed, name(target)));
        }
    }
}

void Safety::after_batch(const Tally& total) const {
    for (const auto& [target, tally] : total) {
        const auto found = m_plan.expected.find(target);
        if (found == m_plan.expected.end()) {
            continue;
        }
        const std::int64_t surplus = tally.removed - removed_early(tally) - found->second;
        if (surplus > std::max(k_least_surplus, share_of(m_settings.tolerance, found->second))) {
            refuse(fmt::format(
                "{} rows of {} were removed, though no more than {} had expired when the run "
                "began, so it stops; find out what makes rows expire or come back meanwhile",
                tally.removed, name(target), found->second));
        }
    }
}

}  // namespace gc
