// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/collector.hpp"
#include "gc/throttle.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gc {

// What every run passes between two batches, with no transaction open: it pauses, waits for the
// server to recover or for the window to open, or says that the run is to stop. Every pause is
// logged as event "pause" and summed in the report by its reason. Waits end at once when a stop is
// requested or limits.max_time is over.
class Gate {
public:
    Gate(const Settings& settings, const Environment& environment, RunReport& report);

    // Returns when the run may go on, or why it has to stop. A dry run takes no locks and never
    // waits here.
    std::optional<StopReason> pass();

private:
    using Moment = std::chrono::steady_clock::time_point;

    // What throttle.window says now: go, wait or stop.
    Decision look_at_window();
    // What the server says now, or what it said when that is less than throttle.interval ago.
    Decision look_at_server();
    std::vector<Reading> readings();
    void warn(const std::vector<Reading>& readings);
    Work work() const;
    bool is_over() const;
    void pause(const Decision& decision);
    // Logs a wait once, when it begins or its reason changes.
    void announce(const Decision& decision);
    void end_wait(bool goes_on);
    // True when signals have held the run up for longer than throttle.max_wait.
    bool is_patience_over() const;
    StopReason stop(const Decision& decision);

    const Settings& m_settings;
    const Environment& m_environment;
    RunReport& m_report;
    std::optional<Moment> m_deadline{};
    Moment m_passed;                             // when the run last went on
    std::chrono::milliseconds m_paused_then{0};  // the report's sum at that moment
    std::int64_t m_rows_then = 0;
    Moment m_next_look{};
    Decision m_last_look{};
    bool m_window_was_open = false;
    std::string m_waiting_for{};              // the reason, empty while not waiting
    std::optional<Moment> m_held_up_since{};  // by a signal; the window does not count
    std::set<Signal> m_warned{};
};

}  // namespace gc
