// SPDX-License-Identifier: Apache-2.0
#include "gc/run_report.hpp"

#include <algorithm>
#include <limits>

namespace gc {

namespace {

constexpr std::size_t k_named_locked_rows = 20;

void add(TargetTally& sum, const TargetTally& part) {
    sum.scanned += part.scanned;
    sum.removed += part.removed;
    sum.vanished += part.vanished;
    for (const auto& [reason, count] : part.kept) {
        sum.kept[reason] += count;
    }
    for (const auto& [table, count] : part.satellites) {
        sum.satellites[table] += count;
    }
    for (const auto& [policy, tally] : part.early) {
        sum.early[policy].removed += tally.removed;
        for (const auto& [reason, count] : tally.kept) {
            sum.early[policy].kept[reason] += count;
        }
    }
    for (const Id id : part.locked) {
        if (sum.locked.size() < k_named_locked_rows) {
            sum.locked.push_back(id);
        }
    }
}

}  // namespace

void add(Tally& sum, const Tally& part) {
    for (const auto& [target, tally] : part) {
        add(sum[target], tally);
    }
}

std::int64_t removed_early(const TargetTally& tally) {
    std::int64_t rows = 0;
    for (const auto& [policy, part] : tally.early) {
        rows += part.removed;
    }
    return rows;
}

std::int64_t rows_touched(const Tally& tally) {
    std::int64_t rows = 0;
    for (const auto& [target, part] : tally) {
        rows += part.removed;
        if (target == Target::satellite) {
            continue;  // there the removed rows are the satellites
        }
        for (const auto& [table, count] : part.satellites) {
            rows += count;
        }
    }
    return rows;
}

std::int64_t rows_removed(const Tally& tally) {
    std::int64_t rows = 0;
    for (const auto& [target, part] : tally) {
        rows += part.removed;
    }
    return rows;
}

std::int64_t rows_left(std::int64_t max_rows, const Tally& removed) {
    if (max_rows == 0) {
        return std::numeric_limits<std::int64_t>::max();
    }
    return std::max<std::int64_t>(0, max_rows - rows_removed(removed));
}

std::string_view name(StopReason reason) {
    switch (reason) {
    case StopReason::done:
        return "done";
    case StopReason::max_rows:
        return "max_rows";
    case StopReason::max_time:
        return "max_time";
    case StopReason::window:
        return "window";
    case StopReason::throttle:
        return "throttle";
    case StopReason::signal:
        return "signal";
    }
    return {};
}

void RunReport::add_pause(const std::string& reason, std::chrono::milliseconds duration) {
    pauses[reason] += duration;
    paused += duration;
}

}  // namespace gc
