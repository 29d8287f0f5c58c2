// SPDX-License-Identifier: Apache-2.0
// What the collector does with what the gate, the watch and the safety limits say.
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using gc::Signal;
using gc::StopReason;
using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

// A health source that always says the same, and counts how often it is asked outside and inside of
// transactions.
class SteadyHealth final : public gc::HealthSource {
public:
    explicit SteadyHealth(const test::FakeStore& store) : m_store(store) {}

    double lag = 0;
    int looks = 0;
    int looks_in_transactions = 0;

    std::vector<gc::Reading> read() override {
        ++looks;
        looks_in_transactions += m_store.in_transaction() ? 1 : 0;
        return {{.signal = Signal::replica_lag, .value = lag}};
    }

private:
    const test::FakeStore& m_store;
};

// How many rows each statement removed from access_token, in turn.
std::vector<std::ptrdiff_t> batch_sizes(const FakeRun& run) {
    const std::string removal = "remove access_token ";
    std::vector<std::ptrdiff_t> sizes;
    for (const std::string& call : run.store.calls) {
        if (call.starts_with(removal)) {
            sizes.push_back(std::ranges::count(call, ',') + 1);
        }
    }
    return sizes;
}

void collect(FakeRun& run, const gc::Environment& environment) {
    gc::collect(run.store, run.plan(), run.settings, environment, run.report);
}

}  // namespace

TEST_CASE("a batch that kept another session waiting is followed by one of half its size") {
    FakeRun run;
    run.add_garbage(1, 1000);
    run.settings.limits.batch_size = 200;
    gc::Environment environment = run.environment();
    int batches = 0;
    environment.blocked_others = [&] { return ++batches <= 2; };
    collect(run, environment);
    const auto sizes = batch_sizes(run);
    REQUIRE(sizes.size() >= 5);
    CHECK(sizes[0] == 200);
    CHECK(sizes[1] == 100);
    CHECK(sizes[2] == 50);
    CHECK(sizes[4] > 50);  // the fourth is what the scan had left
    CHECK(run.report.blocked_others == 2);
    CHECK(run.tally(Target::access_token).removed == 1000);
}

TEST_CASE("the server is asked how it is before the first batch and never in a transaction") {
    FakeRun run;
    run.add_garbage(1, 1000);
    run.settings.throttle.interval = 1ms;
    run.store.cost = [&](const std::string&) { run.time += 1ms; };
    SteadyHealth health(run.store);
    gc::Environment environment = run.environment();
    environment.health = &health;
    collect(run, environment);
    CHECK(health.looks > 5);
    CHECK(health.looks_in_transactions == 0);
}

TEST_CASE("a server above the critical level from the start is not touched") {
    FakeRun run;
    run.add_garbage(1, 10);
    run.settings.throttle.signals[Signal::replica_lag].critical = 60;
    SteadyHealth health(run.store);
    health.lag = 61;
    gc::Environment environment = run.environment();
    environment.health = &health;
    collect(run, environment);
    CHECK(run.report.stop_reason == StopReason::throttle);
    CHECK(run.store.count_calls("begin") == 0);
    CHECK(run.store.count_calls("scan") == 0);
}

TEST_CASE("no pause follows the last batch") {
    FakeRun run;
    run.settings.throttle.busy_share = 0.5;
    run.settings.policy.switched_off = {gc::k_targets.begin(), gc::k_targets.end()};
    run.settings.policy.switched_off.erase(Target::access_token);
    run.add_garbage(1, 10);
    run.store.cost = [&](const std::string& method) {
        run.time += method == "commit" ? 100ms : 0ms;
    };
    run.run();
    CHECK(run.report.stop_reason == StopReason::done);
    CHECK(run.report.paused == 0ms);
}

TEST_CASE("a run that removes more than had expired when it began stops") {
    FakeRun run;
    run.add_garbage(1, 30'000);
    gc::Plan plan = run.plan();
    plan.expected[Target::access_token] = 10'000;
    const auto failure = test::failure_of(
        [&] { gc::collect(run.store, plan, run.settings, run.environment(), run.report); });
    CHECK(failure.kind == util::ErrorKind::data);
    CHECK(run.tally(Target::access_token).removed > 20'000);
    CHECK(run.tally(Target::access_token).removed <= 20'000 + run.settings.limits.batch_size);
    CHECK_FALSE(run.store.in_transaction());
}
