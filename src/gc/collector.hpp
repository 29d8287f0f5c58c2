// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/health.hpp"
#include "gc/idle.hpp"
#include "gc/plan.hpp"
#include "gc/run_report.hpp"
#include "gc/settings.hpp"
#include "gc/store.hpp"
#include "util/local_time.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace gc {

// Where a run stands, for a progress line.
struct Progress {
    Target target = Target::access_token;
    std::int64_t scanned = 0;
    std::int64_t removed = 0;
    std::chrono::milliseconds elapsed{0};
};

// What the collector needs of the world besides the database; tests put in their own clock.
struct Environment {
    std::stop_token stop{};
    // Asked by several threads when there are workers.
    std::function<std::chrono::steady_clock::time_point()> now{};
    // Waits; returns true when a stop was requested meanwhile.
    std::function<bool(std::chrono::milliseconds)> pause{};
    std::function<void(const Progress&)> progress{};  // may be empty
    std::function<util::LocalTime()> local_time{};    // asked when there is a throttle.window
    HealthSource* health = nullptr;                   // null: nothing is known about the server
    // Keeps what was seen for refresh_unused before anything is removed; throws when it cannot, and
    // then nothing is removed. Empty in a dry run.
    std::function<void(const IdleMemory&)> remember_idle{};
    // Whether another session waited for a lock of the transaction that just ended; may be empty.
    std::function<bool()> blocked_others{};
    // Opens a session for one more worker; empty: the run's own session works alone, whatever
    // limits.workers says.
    std::function<std::unique_ptr<Store>()> open_worker{};
};

// The real clocks, interruptible pauses, no progress, nothing known about the server.
Environment real_environment(std::stop_token stop);

// Works through the plan until it is done, a limit is reached or a stop is requested, and says what
// happened. With a DryRunStore nothing is removed and the numbers are those of the run that would
// follow. Throws util::Error when it cannot go on: connection lost for good, retries used up, a
// privilege missing. `report` holds what was done up to then even if it throws.
void collect(Store& store, const Plan& plan, const Settings& settings,
             const Environment& environment, RunReport& report);

}  // namespace gc
