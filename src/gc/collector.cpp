// SPDX-License-Identifier: Apache-2.0
#include "gc/collector.hpp"

#include "gc/batch.hpp"
#include "gc/early_walk.hpp"
#include "gc/gate.hpp"
#include "gc/idle_turn.hpp"
#include "gc/safety.hpp"
#include "util/log.hpp"
#include "util/stop.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

namespace gc {

namespace {

using std::chrono::milliseconds;

class Collector {
public:
    Collector(Store& store, const Settings& settings, const Environment& environment,
              RunReport& report)
        : m_store(store),
          m_settings(settings),
          m_environment(environment),
          m_report(report),
          m_start(environment.now()),
          m_gate(settings, environment, report),
          m_safety(settings.safety, report.plan),
          m_batches(store, settings, environment, report, [this] { return may_go_on(); }),
          m_idle(store, m_batches, environment, report) {}

    void run() {
        try {
            work();
        } catch (...) {
            m_report.elapsed = elapsed();
            throw;
        }
        m_report.elapsed = elapsed();
    }

private:
    void work() {
        if (!m_idle.looks()) {
            m_idle.forget();
        }
        if (m_report.plan.early && !count_early()) {
            return;
        }
        for (const PlannedTarget& planned : m_report.plan.targets) {
            if (planned.state != TargetState::planned) {
                continue;
            }
            util::log_debug("collecting {}", name(planned.target));
            if (planned.target == Target::satellite) {
                collect_ownerless(planned);
            } else {
                collect_target(planned);
                collect_early(planned);
            }
            if (stopped()) {
                break;
            }
        }
    }

    milliseconds elapsed() const {
        return std::chrono::duration_cast<milliseconds>(m_environment.now() - m_start);
    }

    // Rows of targets that may still be removed.
    std::int64_t budget() const { return rows_left(m_settings.limits.max_rows, m_report.tally); }

    bool stopped() {
        const milliseconds limit = m_settings.limits.max_time;
        if (m_environment.stop.stop_requested()) {
            m_report.stop_reason = StopReason::signal;
        } else if (m_stop) {
            m_report.stop_reason = *m_stop;
        } else if (budget() == 0) {
            m_report.stop_reason = StopReason::max_rows;
        } else if (limit.count() > 0 && elapsed() >= limit) {
            m_report.stop_reason = StopReason::max_time;
        } else {
            return false;
        }
        return true;
    }

    // Leaves the server alone for a while, with no transaction open; false when the run has to
    // stop.
    bool may_go_on() {
        if (!stopped()) {
            m_stop = m_gate.pass();
        }
        return !stopped();
    }

    void collect_target(const PlannedTarget& planned) {
        Cursor cursor;
        bool done = false;
        while (!done && may_go_on()) {
            const std::int64_t limit = std::min(page_of(planned.target), budget());
            ScanResult scan = m_batches.read([&] {
                ScanResult result = m_store.scan(planned.target, cursor, planned.policy, limit);
                if (!result.candidates.empty()) {
                    m_store.examine(planned.target, result.candidates, planned.policy);
                }
                return result;
            });
            remove_in_batches(planned, garbage_of(planned, scan.candidates));
            cursor = scan.next;
            done = scan.done;
        }
    }

    std::vector<Candidate> garbage_of(const PlannedTarget& planned,
                                      std::vector<Candidate>& candidates) {
        TargetTally& tally = m_report.tally[planned.target];
        std::vector<Candidate> garbage;
        garbage.reserve(candidates.size());
        for (Candidate& candidate : candidates) {
            // A scan for orphans leaves out what an indexed column refers to; what it cannot see
            // there is no orphan either.
            if (needs_safe_point(planned.target) && candidate.referenced) {
                continue;
            }
            ++tally.scanned;
            const Verdict verdict = classify(candidate, planned.target, planned.policy);
            if (verdict == Verdict::collect) {
                garbage.push_back(std::move(candidate));
            } else {
                ++tally.kept[std::string(name(verdict))];
            }
        }
        m_safety.before_removal(planned, garbage);
        return garbage;
    }

    // How many rows a candidate may take along: itself, its holder, the holder's user
    // authentication. Batches that never run out of budget in the middle make a run that stops at
    // max_rows stop at the same row, however large its batches are, and its dry run too.
    std::int64_t family(const PlannedTarget& planned) const {
        std::int64_t rows = 1;
        for (auto next = followed_by(planned.target); next; next = followed_by(*next)) {
            rows += m_report.plan.active(*next) ? 1 : 0;
        }
        return rows;
    }

    // A batch at most for each worker, in a dry run too, so that both stop at the same row.
    std::int64_t page_of(Target target) const {
        const bool shared = target == Target::access_token;
        return m_settings.limits.batch_size * (shared ? m_settings.limits.workers : 1);
    }

    // The many rows of a flood are access tokens, and nothing but their own holders hangs on them.
    bool is_for_workers(const PlannedTarget& planned) const {
        return m_batches.has_workers() && planned.target == Target::access_token &&
               !planned.policy.early;
    }

    void remove_batch(const PlannedTarget& planned, std::span<const Candidate> batch) {
        const auto count = [&](std::span<const Candidate> part, std::int64_t removed) {
            count_clients(planned.target, part, removed);
        };
        if (std::ssize(batch) > m_batches.size()) {
            m_batches.remove_together(planned, batch, count);
            return;
        }
        const std::int64_t before = m_report.tally[planned.target].removed;
        m_batches.remove(planned, batch);
        count(batch, m_report.tally[planned.target].removed - before);
    }

    void remove_in_batches(const PlannedTarget& planned, const std::vector<Candidate>& garbage) {
        std::size_t at = 0;
        while (at < garbage.size() && may_go_on()) {
            const auto left = static_cast<std::int64_t>(garbage.size() - at);
            const std::int64_t families = std::max<std::int64_t>(1, budget() / family(planned));
            const bool together = is_for_workers(planned) && left > m_batches.size();
            const std::int64_t most = together ? m_batches.size_together() : m_batches.size();
            const std::int64_t size = even_part(left, std::min(most, families));
            const auto batch = std::span(garbage).subspan(at, static_cast<std::size_t>(size));
            const std::int64_t before = m_report.tally[planned.target].removed;
            remove_batch(planned, batch);
            if (planned.policy.early) {
                TargetTally& tally = m_report.tally[planned.target];
                tally.early[std::string(name(planned.policy.early->policy))].removed +=
                    tally.removed - before;
            }
            m_safety.after_batch(m_report.tally);
            show_progress(planned.target);
            at += batch.size();
        }
    }

    bool has_early(const PlannedTarget& planned) const {
        return planned.state == TargetState::planned && m_report.plan.early &&
               m_report.plan.early->concerns(planned.target);
    }

    // Reads and judges what the policies are meant for; false when the run has to stop.
    template <typename Use>
    bool walk_early(const PlannedTarget& planned, Use&& use) {
        EarlyWalk walk(*m_report.plan.early, planned.target);
        while (!walk.done()) {
            if (!may_go_on()) {
                return false;
            }
            m_batches.read([&] {
                walk.read(m_store, m_settings.limits.batch_size);
                return true;
            });
            use(walk.judge());
        }
        return true;
    }

    // Nothing goes before it is known how much that would be.
    bool count_early() {
        std::map<std::string, std::int64_t> unexpired;
        std::int64_t chosen = 0;
        m_idle.begin();
        for (const PlannedTarget& planned : m_report.plan.targets) {
            const auto count = [&](const std::vector<JudgedToken>& tokens) {
                m_idle.see(planned.target, tokens);
                for (const JudgedToken& token : tokens) {
                    const auto policy = token.chosen_by();
                    const auto& expiration = token.facts.expiration;
                    chosen += policy ? 1 : 0;
                    if (policy && (!expiration || *expiration > planned.policy.now)) {
                        ++unexpired[std::string(name(*policy))];
                    }
                }
            };
            if (has_early(planned) && !walk_early(planned, count)) {
                return false;
            }
        }
        m_report.early = m_safety.early(unexpired, chosen);
        m_idle.remember();
        if (!m_report.dry_run) {
            Safety::require_allowed(m_report.early, unexpired);
        }
        return true;
    }

    void collect_early(const PlannedTarget& planned) {
        m_idle.before_removal();
        if (has_early(planned) && !stopped()) {
            walk_early(planned, [&](const std::vector<JudgedToken>& tokens) {
                remove_chosen(planned, tokens);
            });
        }
    }

    void remove_chosen(const PlannedTarget& planned, const std::vector<JudgedToken>& tokens) {
        TargetTally& tally = m_report.tally[planned.target];
        std::map<EarlyPolicy, std::vector<TokenFacts>> chosen;
        for (const JudgedToken& token : tokens) {
            for (const EarlyOpinion& opinion : token.opinions) {
                PolicyTally& policy = tally.early[std::string(name(opinion.policy))];
                if (!opinion.kept.empty()) {
                    ++policy.kept[opinion.kept];
                }
            }
            if (const auto policy = token.chosen_by()) {
                chosen[*policy].push_back(token.facts);
            }
        }
        for (const auto& [policy, facts] : chosen) {
            PlannedTarget with_condition = planned;
            with_condition.policy.early = condition_of(policy, *m_report.plan.early, facts);
            std::vector<Candidate> garbage;
            for (const TokenFacts& token : facts) {
                garbage.push_back({.id = token.id,
                                   .expiration = token.expiration,
                                   .client_id = token.client_id,
                                   .parent_id = token.holder_id});
            }
            tally.scanned += static_cast<std::int64_t>(garbage.size());
            if (!m_report.dry_run) {
                m_safety.before_removal(with_condition, garbage);
            }
            remove_in_batches(with_condition, garbage);
        }
    }

    // Rows that vanished or stayed are few, and which they were is not told: then the first of the
    // batch count.
    void count_clients(Target target, std::span<const Candidate> batch, std::int64_t removed) {
        if (target != Target::access_token) {
            return;
        }
        const auto count = std::min(static_cast<std::size_t>(removed), batch.size());
        for (const Candidate& candidate : batch.first(count)) {
            ++m_report.removed_by_client[candidate.client_id.value_or(0)];
        }
    }

    void collect_ownerless(const PlannedTarget& planned) {
        for (const Satellite& satellite : planned.satellites) {
            Cursor cursor;
            bool done = false;
            while (!done && may_go_on()) {
                const ScanResult scan = m_batches.read([&] {
                    return m_store.scan_ownerless(satellite, cursor, m_settings.limits.batch_size);
                });
                const std::span<const Candidate> owners(scan.candidates);
                std::size_t at = 0;
                while (at < owners.size() && may_go_on()) {
                    at += m_batches.remove_ownerless(satellite, owners.subspan(at));
                    show_progress(planned.target);
                }
                cursor = scan.next;
                done = scan.done;
            }
        }
    }

    void show_progress(Target target) {
        if (m_environment.progress) {
            m_environment.progress({.target = target,
                                    .scanned = m_report.tally[target].scanned,
                                    .removed = m_report.tally[target].removed,
                                    .elapsed = elapsed()});
        }
    }

    Store& m_store;
    const Settings& m_settings;
    const Environment& m_environment;
    RunReport& m_report;
    std::chrono::steady_clock::time_point m_start;
    Gate m_gate;
    Safety m_safety;
    Batches m_batches;
    IdleTurn m_idle;
    std::optional<StopReason> m_stop{};  // what the gate said last
};

}  // namespace

Environment real_environment(std::stop_token stop) {
    return {.stop = stop,
            .now = [] { return std::chrono::steady_clock::now(); },
            .pause = [stop](milliseconds duration) { return util::pause(stop, duration); },
            .local_time = util::local_time};
}

void collect(Store& store, const Plan& plan, const Settings& settings,
             const Environment& environment, RunReport& report) {
    report.plan = plan;
    Collector(store, settings, environment, report).run();
}

}  // namespace gc
