// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early_settings.hpp"
#include "gc/signal.hpp"
#include "gc/target.hpp"
#include "gc/window.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace gc {

// What is garbage.
struct PolicySettings {
    std::chrono::milliseconds grace =
        std::chrono::hours{1};  // how long a row is kept after it expired
    std::chrono::milliseconds orphans_margin =
        std::chrono::minutes{10};  // how old an orphan must be at least
    std::set<Target> switched_off{};
};

// What bounds a run and its batches. 0 means no limit where that is said.
struct LimitSettings {
    std::int64_t batch_size = 2000;    // candidates in a batch at most
    std::int64_t batch_rows = 40'000;  // rows touched by a batch at most, satellites included
    std::chrono::milliseconds batch_time{20};  // how long a batch should take; its size follows
    std::int64_t workers = 1;  // sessions that remove access tokens at the same time
    std::int64_t scan_rows =
        100'000;  // a table without the index a step needs may have this many rows at most
    std::int64_t max_rows = 0;  // rows removed in a run, satellites not counted; 0: no limit
    std::chrono::milliseconds max_time{0};  // length of a run; 0: no limit
    std::chrono::milliseconds lock_wait{
        0};  // how long a statement waits for a lock of somebody else; 0: give way at once
};

// How a batch is tried again after a conflict: delays double from the first to the longest, with
// jitter.
struct RetrySettings {
    std::int64_t attempts = 10;  // failures in a row after which the run stops
    std::chrono::milliseconds first_delay{50};
    std::chrono::milliseconds longest_delay{2000};
};

// How much of the server's time the run may take, and what makes it wait or stop.
struct ThrottleSettings {
    double busy_share = 0.5;           // working time / (working + pausing), above 0 and up to 1
    std::int64_t rows_per_second = 0;  // rows touched, satellites included; 0: no limit
    std::chrono::milliseconds interval = std::chrono::seconds{1};  // between two readings at least
    std::chrono::milliseconds max_wait =
        std::chrono::minutes{10};  // a signal that holds the run up longer ends it; 0: for ever
    SignalSettings signals = default_signals();
    std::string pause_file{};        // empty: no such file
    std::optional<Window> window{};  // nothing: at any time of day
    bool full_speed = false;         // nothing above counts
    bool watch_blocking = true;  // smaller batches when another session waits for a lock of ours
};

// What a run refuses to do, however it was configured otherwise (gc/safety.hpp).
struct SafetySettings {
    std::int64_t max_unexpired_rows = 0;  // rows not yet expired that a run may remove ...
    double max_unexpired_share = 0;       // ... or, if that is more, this share of what it removes
    double tolerance = 0.1;  // how far a run may exceed what was there to remove at its start
};

// Whether the database's clock and zone can be believed (iam-database.md 4, last but two pitfalls).
struct ClockSettings {
    bool ignore = false;  // start even if the newest tokens seem to come from another time zone
    std::chrono::milliseconds tolerance = std::chrono::minutes{5};
    std::chrono::milliseconds host_tolerance =
        std::chrono::minutes{5};  // how far the clocks of database and host may differ
};

struct Settings {
    PolicySettings policy{};
    EarlySettings early{};
    LimitSettings limits{};
    RetrySettings retry{};
    ThrottleSettings throttle{};
    SafetySettings safety{};
    ClockSettings clock{};
};

}  // namespace gc
