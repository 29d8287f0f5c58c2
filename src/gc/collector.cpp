// SPDX-License-Identifier: Apache-2.0
#include "gc/collector.hpp"

#include "gc/batch.hpp"
#include "gc/throttle.hpp"
#include "util/log.hpp"
#include "util/stop.hpp"

#include <algorithm>
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
          m_batches(store, settings, environment, report) {}

    void run() {
        for (const PlannedTarget& planned : m_report.plan.targets) {
            if (planned.state != TargetState::planned) {
                continue;
            }
            util::log_debug("collecting {}", name(planned.target));
            if (planned.target == Target::satellite) {
                collect_ownerless(planned);
            } else {
                collect_target(planned);
            }
            if (stopped()) {
                break;
            }
        }
        m_report.elapsed = elapsed();
    }

private:
    milliseconds elapsed() const {
        return std::chrono::duration_cast<milliseconds>(m_environment.now() - m_start);
    }

    // Rows of targets that may still be removed.
    std::int64_t budget() const { return rows_left(m_settings.limits.max_rows, m_report.tally); }

    bool stopped() {
        const milliseconds limit = m_settings.limits.max_time;
        if (m_environment.stop.stop_requested()) {
            m_report.stop_reason = StopReason::signal;
        } else if (budget() == 0) {
            m_report.stop_reason = StopReason::max_rows;
        } else if (limit.count() > 0 && elapsed() >= limit) {
            m_report.stop_reason = StopReason::max_time;
        } else {
            return false;
        }
        return true;
    }

    void collect_target(const PlannedTarget& planned) {
        Cursor cursor;
        bool done = false;
        while (!done && !stopped()) {
            const std::int64_t limit = std::min(m_settings.limits.batch_size, budget());
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
        tally.scanned += static_cast<std::int64_t>(candidates.size());
        std::vector<Candidate> garbage;
        garbage.reserve(candidates.size());
        for (Candidate& candidate : candidates) {
            const Verdict verdict = classify(candidate, planned.target, planned.policy);
            if (verdict == Verdict::collect) {
                garbage.push_back(std::move(candidate));
            } else {
                ++tally.kept[std::string(name(verdict))];
            }
        }
        return garbage;
    }

    void remove_in_batches(const PlannedTarget& planned, const std::vector<Candidate>& garbage) {
        std::size_t at = 0;
        while (at < garbage.size() && !stopped()) {
            const auto left = static_cast<std::int64_t>(garbage.size() - at);
            const std::int64_t size = std::min({left, m_batches.size(), budget()});
            const auto batch = std::span(garbage).subspan(at, static_cast<std::size_t>(size));
            rest(planned.target, m_batches.remove(planned, batch));
            at += batch.size();
        }
    }

    void collect_ownerless(const PlannedTarget& planned) {
        for (const Satellite& satellite : planned.satellites) {
            Cursor cursor;
            bool done = false;
            while (!done && !stopped()) {
                const ScanResult scan = m_batches.read([&] {
                    return m_store.scan_ownerless(satellite, cursor, m_settings.limits.batch_size);
                });
                if (!scan.candidates.empty()) {
                    rest(planned.target, m_batches.remove_ownerless(satellite, scan.candidates));
                }
                cursor = scan.next;
                done = scan.done;
            }
        }
    }

    // Leaves the server alone for a while, with no transaction open; a dry run takes no locks and
    // does not wait.
    void rest(Target target, milliseconds took) {
        if (m_environment.progress) {
            m_environment.progress({.target = target,
                                    .scanned = m_report.tally[target].scanned,
                                    .removed = m_report.tally[target].removed,
                                    .elapsed = elapsed()});
        }
        milliseconds pause =
            m_report.dry_run ? milliseconds{0} : pause_after(took, m_settings.throttle);
        if (const milliseconds limit = m_settings.limits.max_time; limit.count() > 0) {
            pause = std::clamp(limit - elapsed(), milliseconds{0}, pause);
        }
        if (pause.count() > 0) {
            m_report.paused += pause;
            m_environment.pause(pause);
        }
    }

    Store& m_store;
    const Settings& m_settings;
    const Environment& m_environment;
    RunReport& m_report;
    std::chrono::steady_clock::time_point m_start;
    Batches m_batches;
};

}  // namespace

Environment real_environment(std::stop_token stop) {
    return {.stop = stop,
            .now = [] { return std::chrono::steady_clock::now(); },
            .pause = [stop](milliseconds duration) { return util::pause(stop, duration); }};
}

void collect(Store& store, const Plan& plan, const Settings& settings,
             const Environment& environment, RunReport& report) {
    report.plan = plan;
    Collector(store, settings, environment, report).run();
}

}  // namespace gc
