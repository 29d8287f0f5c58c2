// SPDX-License-Identifier: Apache-2.0
#include "report/flags.hpp"

#include "unit/fleet_scene.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <random>

using report::FlagName;
using test::add_client;
using test::Behaviour;
using test::FakeClients;
using test::figures_of;
using test::has_flag;
using namespace std::chrono_literals;

namespace {

constexpr std::array k_by_amount{FlagName::flood, FlagName::share, FlagName::burst,
                                 FlagName::hoarder, FlagName::no_reuse};

// A fleet in which one client more than the ordinary ones is looked at.
struct Scene {
    FakeClients source{};

    Scene() { test::add_ordinary_clients(source); }

    report::ClientFigures judged(const Behaviour& how, const gc::FlagSettings& settings = {}) {
        const gc::Id id = add_client(source, how);
        return figures_of(source.fleet(settings), id);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Scene, "no ordinary client is flagged") {
    CHECK(source.fleet().totals.flagged == 0);
}

TEST_CASE("the incident of 2022 is flagged within its first ten minutes, by one client or by 32") {
    for (const std::chrono::minutes since : {2min, 5min, 10min}) {
        Scene scene;
        CAPTURE(since.count());
        const auto client = scene.judged({.per_minute = 6000, .since = since});
        CHECK(has_flag(client, FlagName::flood));
        CHECK(client.rates.peak == doctest::Approx(100));
    }
    Scene scene;
    for (int i = 0; i < 32; ++i) {
        add_client(scene.source, {.per_minute = 187.5, .since = 10min, .lifetime = 4 * 24h});
    }
    const report::Fleet fleet = scene.source.fleet();
    CHECK(fleet.totals.flagged == 32);
    CHECK(has_flag(fleet.clients.front(), FlagName::flood));
}

TEST_CASE_FIXTURE(Scene, "a heavy but honest client, with many users who reuse, is not flagged") {
    const auto client = judged({.per_minute = 600, .users = 20'000});
    CHECK(client.rates.now == doctest::Approx(10));
    CHECK(client.access.live > 30'000);
    CHECK(client.share > 0.9);
    CHECK(client.flags.empty());
}

TEST_CASE("the same number of tokens is flagged when fewer users have them") {
    Scene scene;
    const auto client = scene.judged({.per_minute = 600, .users = 100});
    for (const FlagName name :
         {FlagName::flood, FlagName::share, FlagName::hoarder, FlagName::no_reuse}) {
        CAPTURE(report::name(name));
        CHECK(has_flag(client, name));
    }
    CHECK(has_flag(client, FlagName::burst) == false);  // it has always been like that
}

TEST_CASE_FIXTURE(Scene, "a client that begins to ask much more than ever before has a burst") {
    const gc::Id id = add_client(source, {.per_minute = 2, .lifetime = 24h});
    std::vector<gc::TokenGroup>& groups = source.slices.back().groups;
    for (std::chrono::minutes ago{9}; ago.count() >= 1; --ago) {
        groups.push_back(test::tokens_at(id, test::k_report_now - ago + 24h, 60));
    }
    CHECK(has_flag(figures_of(source.fleet(), id), FlagName::burst));
}

TEST_CASE("a flag trips at its threshold, not below it, and never at 0") {
    const auto flood = [](double threshold) {
        Scene scene;
        return has_flag(scene.judged({.per_minute = 120}, {.flood = threshold}), FlagName::flood);
    };
    CHECK(flood(2));
    CHECK_FALSE(flood(2.01));
    CHECK_FALSE(flood(0));
}

TEST_CASE("what a client is, and not how much it asks, has flags of its own") {
    Scene scene;
    FakeClients& source = scene.source;
    const gc::Id suspended = add_client(source, {});
    source.registered.back().active = false;
    const gc::Id long_lived = add_client(source, {.per_minute = 0.01, .lifetime = 24h * 8});
    const gc::Id forever = add_client(source, {});
    source.slices.back().groups = {{.client = forever, .never_expiring = 3}};
    const gc::Id registrations = add_client(source, {});
    source.slices.back() = {.groups = {{.client = registrations, .never_expiring = 3}},
                            .registrations = {{.client = registrations, .tokens = 3}}};
    source.slices.push_back({.groups = {test::tokens_at(9999, test::k_report_now + 1h, 10)}});
    const gc::Id pileup = add_client(source, {});
    source.refresh = {{.client = pileup, .live = 5000}};
    const report::Fleet fleet = source.fleet();
    CHECK(has_flag(figures_of(fleet, suspended), FlagName::inactive_client));
    CHECK(has_flag(figures_of(fleet, long_lived), FlagName::long_lived));
    CHECK(has_flag(figures_of(fleet, forever), FlagName::never_expires));
    CHECK(figures_of(fleet, registrations).flags.empty());
    CHECK(figures_of(fleet, registrations).registration == 3);
    CHECK(has_flag(figures_of(fleet, pileup), FlagName::refresh_pileup));
    CHECK(fleet.totals.flagged == 5);
    for (const report::ClientFigures& client : fleet.clients) {
        CHECK(has_flag(client, FlagName::unknown_client) == !client.id.has_value());
    }
}

namespace {

// A random client, and whether it is one to be flagged.
struct Labelled {
    Behaviour how{};
    bool bad = false;
};

Labelled random_client(std::mt19937_64& random) {
    const auto between = [&](double low, double high) {
        return low * std::pow(high / low, std::uniform_real_distribution<>(0, 1)(random));
    };
    const std::chrono::minutes lifetime{static_cast<int>(between(10, 720))};
    const auto life = static_cast<double>(lifetime.count());
    const std::chrono::minutes since{static_cast<int>(between(15, 20'000))};
    const int kind = std::uniform_int_distribution<>(0, 9)(random);
    if (kind == 0) {  // asks for a token per request
        return {.how = {.per_minute = between(20, 3000), .since = since, .lifetime = lifetime},
                .bad = true};
    }
    if (kind == 1) {  // so do its users
        const int users = static_cast<int>(between(2, 50));
        return {.how = {.per_minute = users * between(40, 400) / life + 30,
                        .since = 24h * 7,
                        .lifetime = lifetime,
                        .users = users},
                .bad = true};
    }
    if (kind < 5) {  // a service that renews its token in time
        return {.how = {.per_minute = between(1, 4) / life, .since = since, .lifetime = lifetime}};
    }
    const int users = static_cast<int>(between(1, 20'000));
    return {.how = {.per_minute = users * between(0.05, 3) / life,
                    .since = since,
                    .lifetime = lifetime,
                    .users = users}};
}

}  // namespace

TEST_CASE("over a labelled random fleet few flags are wrong and few are missing") {
    int hits = 0;
    int false_alarms = 0;
    int misses = 0;
    for (const std::uint64_t seed : {20221029U, 20221030U, 20221031U}) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        FakeClients source;
        std::map<gc::Id, bool> bad;
        for (int i = 0; i < 100; ++i) {
            const Labelled client = random_client(random);
            bad[add_client(source, client.how)] = client.bad;
        }
        const report::Fleet fleet = source.fleet();
        for (const report::ClientFigures& client : fleet.clients) {
            const bool flagged = std::ranges::any_of(
                k_by_amount, [&](FlagName name) { return has_flag(client, name); });
            hits += flagged && bad.at(*client.id) ? 1 : 0;
            false_alarms += flagged && !bad.at(*client.id) ? 1 : 0;
            misses += !flagged && bad.at(*client.id) ? 1 : 0;
        }
    }
    const double precision = static_cast<double>(hits) / std::max(1, hits + false_alarms);
    const double recall = static_cast<double>(hits) / std::max(1, hits + misses);
    MESSAGE(
        fmt::format("flags over 300 random clients: precision {:.3f}, recall {:.3f} ({} right, "
                    "{} wrong, {} missing)",
                    precision, recall, hits, false_alarms, misses));
    CHECK(precision >= 0.95);
    CHECK(recall >= 0.9);
}
