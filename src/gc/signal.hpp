// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gc {

// What tells a run, between two batches, how the server is doing (chunked-deletion.md 1.7, 2.5, 3.2
// and 3.6).
enum class Signal {
    sessions,       // sessions at work: Threads_running, active sessions of PostgreSQL
    replica_lag,    // how far a replica is behind, in seconds
    replica_bytes,  // the same in bytes of log, PostgreSQL only
    flow_control,   // share of the time in which Galera held back its nodes
    receive_queue,  // write sets that wait on this Galera node
    node_state,     // 0 for a Galera node that is Synced in a Primary component, else 1
    history_list,   // transactions that InnoDB has yet to purge
    xmin_age,       // transactions that the oldest snapshot of PostgreSQL lies back; only warns
    dead_rows,      // rows that PostgreSQL has yet to vacuum in the token tables; only warns
    pause_file,     // 1 when the file throttle.pause_file exists
};

enum class Unit { count, seconds, bytes, share, flag };

// From which value on a signal counts. A value above the limit makes the run wait, a value above
// the critical level ends it.
struct SignalLimits {
    bool on = false;
    double limit = 0;
    std::optional<double> critical{};

    bool operator==(const SignalLimits&) const = default;
};

struct SignalInfo {
    Signal signal{};
    std::string_view name{};  // its key is throttle.NAME
    Unit unit = Unit::count;
    bool only_warns = false;
    SignalLimits defaults{};  // `limit` is what "on" stands for, also where it is off by default
};

// On by default is what every account can read, and what says nothing where it does not apply.
inline constexpr std::array k_signals{
    SignalInfo{Signal::sessions, "sessions", Unit::count, false, {false, 50, {}}},
    SignalInfo{Signal::replica_lag, "replica_lag", Unit::seconds, false, {true, 10, {}}},
    SignalInfo{Signal::replica_bytes, "replica_bytes", Unit::bytes, false, {false, 1 << 26, {}}},
    SignalInfo{Signal::flow_control, "flow_control", Unit::share, false, {true, 0.05, {}}},
    SignalInfo{Signal::receive_queue, "receive_queue", Unit::count, false, {true, 100, {}}},
    SignalInfo{Signal::node_state, "node_state", Unit::flag, false, {true, 0, {}}},
    SignalInfo{Signal::history_list, "history_list", Unit::count, false, {false, 1e6, {}}},
    SignalInfo{Signal::xmin_age, "xmin_age", Unit::count, true, {true, 1e7, {}}},
    SignalInfo{Signal::dead_rows, "dead_rows", Unit::count, true, {true, 1e7, {}}},
    SignalInfo{Signal::pause_file, "pause_file", Unit::flag, false, {true, 0, {}}},
};

const SignalInfo& info(Signal signal);
std::string_view name(Signal signal);

// "14 s", "64 MiB", "7 %", "1200000"; for messages.
std::string value_text(Signal signal, double value);

using SignalSettings = std::map<Signal, SignalLimits>;

// Every signal at its default.
SignalSettings default_signals();

}  // namespace gc
