// SPDX-License-Identifier: Apache-2.0
#include "sim/seed_plan.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>

namespace {

using sim::Legacy;

constexpr sim::Seconds k_now = 1'700'000'000;

bool is_flood(const sim::Event& event) {
    return event.client < sim::k_stress_clients;
}

}  // namespace

TEST_CASE("a flood has exactly the tokens asked for and the living families besides") {
    const sim::SeedPlan plan({.tokens = 10'000, .living_share = 0.05, .now = k_now});
    REQUIRE(plan.events() == 10'500);
    std::int64_t flood = 0;
    for (std::int64_t index = 0; index < plan.events(); ++index) {
        flood += is_flood(plan.event(index)) ? 1 : 0;
    }
    CHECK(flood == 10'000);
}

TEST_CASE("a flood expires in the order of its ids, garbage within its span and the rest later") {
    const sim::SeedSettings settings{
        .tokens = 10'000, .garbage_share = 0.9, .age = 3600, .span = 7200, .now = k_now};
    const sim::SeedPlan plan(settings);
    sim::Seconds last = 0;
    std::int64_t garbage = 0;
    for (std::int64_t index = 0; index < plan.events(); ++index) {
        const sim::Event event = plan.event(index);
        if (!is_flood(event)) {
            continue;
        }
        const sim::Seconds expiration = event.expiration.value();
        CHECK(expiration >= last);
        CHECK(event.issued <= k_now);
        last = expiration;
        if (expiration <= k_now) {
            CHECK(expiration < k_now - settings.age);
            CHECK(expiration >= k_now - settings.age - settings.span - 1);
            ++garbage;
        } else {
            CHECK(expiration > k_now + 3600);
        }
    }
    CHECK(garbage == 9'000);
}

TEST_CASE("garbage is spread evenly over its span") {
    const sim::SeedPlan plan(
        {.tokens = 10'000, .living_share = 0, .age = 0, .span = 100'000, .now = k_now});
    std::map<std::int64_t, int> per_tenth;
    for (std::int64_t index = 0; index < plan.events(); ++index) {
        ++per_tenth[(k_now - plan.event(index).expiration.value()) / 10'001];
    }
    for (const auto& [tenth, count] : per_tenth) {
        CAPTURE(tenth);
        CHECK(count > 990);
        CHECK(count < 1010);
    }
}

TEST_CASE("registration tokens never expire and are found in every part of the id range") {
    const sim::SeedPlan plan({.tokens = 100'000, .now = k_now});
    std::map<std::int64_t, int> per_tenth;
    for (std::int64_t index = 0; index < plan.events(); ++index) {
        const sim::Event event = plan.event(index);
        if (event.legacy == Legacy::registration) {
            CHECK_FALSE(event.expiration);
            ++per_tenth[index * 10 / plan.events()];
        }
    }
    CHECK(per_tenth.size() == 10);
}

TEST_CASE("the same seed gives the same event whatever was asked before") {
    const sim::SeedPlan plan({.seed = 3, .tokens = 1000, .now = k_now});
    const sim::Event early = plan.event(700);
    plan.event(5);
    CHECK(plan.event(700).nonce == early.nonce);
    CHECK(plan.event(700).client == early.client);
    CHECK(sim::SeedPlan({.seed = 4, .tokens = 1000, .now = k_now}).event(700).nonce != early.nonce);
}

TEST_CASE("nothing in the seed of an expired-only flood is alive") {
    const sim::SeedPlan plan({.tokens = 1000, .living_share = 0, .garbage_share = 1, .now = k_now});
    CHECK(plan.events() == 1000);
    for (std::int64_t index = 0; index < plan.events(); ++index) {
        CHECK(plan.event(index).expiration.value() <= k_now - 86'400);
    }
}
