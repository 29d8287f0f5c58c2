// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "gc/policy.hpp"
#include "gc/store.hpp"
#include "gc/target.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// What happened, or would happen, to the tokens that a policy is meant for.
struct PolicyTally {
    std::int64_t removed = 0;
    std::map<std::string, std::int64_t> kept{};  // by reason
};

// The same for a whole target.
struct TargetTally {
    std::int64_t scanned = 0;
    std::int64_t removed = 0;
    std::int64_t vanished = 0;                         // garbage that somebody else removed first
    std::map<std::string, std::int64_t> kept{};        // by reason
    std::map<std::string, std::int64_t> satellites{};  // removed rows by table
    std::map<std::string, PolicyTally> early{};  // by policy; removed rows are part of `removed`
    std::vector<Id> locked{};  // first rows that stayed because another session held a lock on them
};

using Tally = std::map<Target, TargetTally>;

// Adds what one transaction did to the sum.
void add(Tally& sum, const Tally& part);

// Rows of a tally, satellites included.
std::int64_t rows_touched(const Tally& tally);

// Rows of targets in a tally, satellites not included; what limits.max_rows counts.
std::int64_t rows_removed(const Tally& tally);

// Rows of targets that may still go when max_rows (0: no limit) bounds the run.
std::int64_t rows_left(std::int64_t max_rows, const Tally& removed);

// Rows that policies removed before they expired.
std::int64_t removed_early(const TargetTally& tally);

// How many rows that have not expired the policies choose, and what the safety limit allows.
struct EarlyNote {
    std::int64_t unexpired = 0;
    std::int64_t allowed = 0;
};

enum class StopReason {
    done,
    max_rows,
    max_time,
    window,    // throttle.window closed
    throttle,  // a signal was above its critical level, or held the run up for too long
    signal,
};

std::string_view name(StopReason reason);

struct RunReport {
    bool dry_run = false;
    Plan plan{};
    Tally tally{};
    StopReason stop_reason = StopReason::done;
    std::map<Id, std::int64_t> removed_by_client{};  // access tokens; 0: those of no client
    EarlyNote early{};
    std::int64_t batches = 0;
    std::int64_t conflicts = 0;  // transactions rolled back and tried again
    std::int64_t reconnects = 0;
    std::chrono::milliseconds elapsed{0};
    std::chrono::milliseconds paused{0};
    std::map<std::string, std::chrono::milliseconds> pauses{};  // by reason; together `paused`
    std::chrono::milliseconds longest_batch{0};
    std::int64_t blocked_others = 0;  // batches for whose locks another session had to wait
    std::string window{};             // "01:00-05:00 CET (UTC+01:00)", empty without one
    bool full_speed = false;
    std::string stop_text{};  // one sentence when a signal stopped the run
    std::vector<std::string> warnings{};

    void add_pause(const std::string& reason, std::chrono::milliseconds duration);
};

}  // namespace gc
