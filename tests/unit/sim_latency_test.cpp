// SPDX-License-Identifier: Apache-2.0
#include "sim/latency.hpp"
#include "sim/tally.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

std::vector<std::int64_t> one_to(std::size_t count) {
    std::vector<std::int64_t> values(count);
    std::iota(values.begin(), values.end(), 1);
    return values;
}

}  // namespace

TEST_CASE("a percentile is a value that was measured, the nearest rank") {
    CHECK(sim::percentile(one_to(100), 0.50) == 50);
    CHECK(sim::percentile(one_to(100), 0.99) == 99);
    CHECK(sim::percentile(one_to(100), 0.55) == 55);
    CHECK(sim::percentile(one_to(10), 0.90) == 9);
    CHECK(sim::percentile(one_to(10), 0.99) == 10);
    CHECK(sim::percentile(one_to(1000), 0.999) == 999);
    CHECK(sim::percentile(one_to(1), 0.01) == 1);
    CHECK(sim::percentile(one_to(3), 1.0) == 3);
}

TEST_CASE("a summary of nothing is all zeros") {
    const sim::LatencySummary summary = sim::summarise({});
    CHECK(summary.count == 0);
    CHECK(summary.p50 == 0);
    CHECK(summary.p99 == 0);
    CHECK(summary.max == 0);
}

TEST_CASE("a summary does not depend on the order of the values") {
    std::vector<std::int64_t> values = one_to(200);
    std::ranges::reverse(values);
    std::swap(values[3], values[150]);
    const sim::LatencySummary summary = sim::summarise(values);
    CHECK(summary.count == 200);
    CHECK(summary.p50 == 100);
    CHECK(summary.p90 == 180);
    CHECK(summary.p99 == 198);
    CHECK(summary.max == 200);
}

TEST_CASE("one stall of a thousand requests shows in the maximum and not in p99") {
    std::vector<std::int64_t> values(999, 2'000);
    values.push_back(5'000'000);
    const sim::LatencySummary summary = sim::summarise(values);
    CHECK(summary.p99 == 2'000);
    CHECK(summary.max == 5'000'000);
}

TEST_CASE("latencies are chosen by operation and by when the request was due") {
    sim::Tally tally;
    const auto add = [&](sim::Operation operation, std::int64_t at_us, std::int64_t latency_us) {
        tally.samples[static_cast<std::size_t>(operation)].push_back(
            {.at_us = at_us, .latency_us = latency_us});
    };
    add(sim::Operation::refresh, 0, 100);
    add(sim::Operation::refresh, 999, 200);
    add(sim::Operation::client_credentials, 500, 300);
    add(sim::Operation::introspect, 500, 9'000);
    add(sim::Operation::refresh, 1000, 400);

    const sim::LatencySummary window = sim::latencies(tally, sim::issues, 0, 1000);
    CHECK(window.count == 3);
    CHECK(window.max == 300);
}

TEST_CASE("adding tallies keeps the first message and every count") {
    sim::Tally first;
    first.fail("refresh", "transient", "deadlock");
    sim::Tally second;
    second.fail("refresh", "transient", "another");
    second.fail("refresh", "broken_promise", "gone");
    second.skipped[0] = 2;

    first.add(second);
    const auto& transient = first.failures.at({"refresh", "transient"});
    CHECK(transient.count == 2);
    CHECK(transient.first == "deadlock");
    CHECK(first.failures.at({"refresh", "broken_promise"}).first == "gone");
    CHECK(first.skipped[0] == 2);
}
