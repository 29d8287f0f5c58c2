// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/collector.hpp"
#include "gc/plan.hpp"
#include "gc/run_report.hpp"
#include "gc/settings.hpp"
#include "unit/fake_store.hpp"

#include <chrono>
#include <optional>
#include <stop_token>
#include <vector>

namespace test {

// A run on the fake store, in a world whose clock moves only when a pause or a test moves it.
struct FakeRun {
    FakeStore store{};
    gc::Settings settings{};
    std::stop_source stop{};
    std::chrono::steady_clock::time_point time{};
    std::vector<std::chrono::milliseconds> pauses{};
    gc::RunReport report{};

    FakeRun();

    // Plans and collects; the report holds what was done even when this throws.
    const gc::RunReport& run();
    // The same on a DryRunStore.
    const gc::RunReport& dry_run();

    gc::Plan plan();
    gc::Environment environment();
    // What became of a target's rows so far; nothing when it was not worked on.
    gc::TargetTally tally(gc::Target target) const;

    // Moments by the database's clock.
    util::TimePoint ago(std::chrono::milliseconds span) const { return store.now - span; }
    util::TimePoint later(std::chrono::milliseconds span) const { return store.now + span; }

    // Access tokens that are garbage, with one scope each, one after the other from the newest to
    // the oldest: the scan returns them in the order of their ids.
    void add_garbage(gc::Id first, gc::Id last, std::optional<gc::Id> holder = {});
    // A token that expired long ago and whose holder nothing else needs: what gives a safe point.
    void add_witness(gc::Id token, gc::Id holder);
};

}  // namespace test
