// SPDX-License-Identifier: Apache-2.0
// What runs remember of refresh tokens without an access token, and what refresh_unused makes of
// it.
#include "gc/idle.hpp"
#include "support/failure.hpp"
#include "unit/fake_run.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using gc::IdleMemory;
using gc::Target;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_now = util::parse_time("2026-05-01 01:00:00");

IdleMemory memory_with(std::vector<gc::IdleToken> tokens) {
    return {.top = 50, .proved = k_now - 24h, .tokens = std::move(tokens)};
}

std::vector<gc::Id> ids_of(const IdleMemory& memory) {
    std::vector<gc::Id> ids;
    for (const gc::IdleToken& token : memory.tokens) {
        ids.push_back(token.id);
    }
    return ids;
}

// Refresh tokens 1 to 6 of client 1 with a holder each. 1 to 4 are bare, 5 has an expired access
// token, 6 a live one.
struct Portal : test::FakeRun {
    std::vector<IdleMemory> saved{};
    std::int64_t removals_before_saving = 0;

    Portal() {
        store.clients[1] = {.client_id = "portal", .validity = 1h};
        for (gc::Id id = 1; id <= 6; ++id) {
            store.tables.add(Target::authentication_holder, id);
            store.tables.add(Target::refresh_token, id, {.client_id = 1, .parent_id = id});
        }
        add_use(15, 5, ago(20h));
        add_use(16, 6, later(1h));
        settings.safety.max_unexpired_rows = 100;
        settings.early.refresh_unused.age = std::chrono::days{30};
        remember({{1, ago(40 * 24h)}, {2, ago(30 * 24h)}, {3, ago(29 * 24h)}, {5, ago(90 * 24h)}},
                 ago(24h));
    }

    void add_use(gc::Id access_token, gc::Id refresh_token, util::TimePoint expiration) {
        store.tables.add(Target::access_token, access_token,
                         {.expiration = expiration,
                          .client_id = 1,
                          .parent_id = refresh_token,
                          .refresh_token_id = refresh_token});
    }

    void remember(std::vector<gc::IdleToken> tokens, std::optional<util::TimePoint> proved,
                  std::vector<gc::IdleWitness> witnesses = {}) {
        settings.early.refresh_unused.memory =
            std::make_shared<const IdleMemory>(IdleMemory{.top = 6,
                                                          .proved = proved,
                                                          .tokens = std::move(tokens),
                                                          .witnesses = std::move(witnesses)});
    }

    void run_and_save() {
        gc::Environment world = environment();
        world.remember_idle = [&](const IdleMemory& memory) {
            saved.push_back(memory);
            removals_before_saving = store.count_calls("begin");
        };
        gc::collect(store, plan(), settings, world, report);
    }

    std::vector<gc::Id> left() const {
        std::vector<gc::Id> ids;
        for (gc::Id id = 1; id <= 6; ++id) {
            if (store.tables.has(Target::refresh_token, id)) {
                ids.push_back(id);
            }
        }
        return ids;
    }

    gc::PolicyTally policy() const {
        return tally(Target::refresh_token).early.at("refresh_unused");
    }
};

using Ids = std::vector<gc::Id>;

}  // namespace

TEST_CASE("a token is idle since the first of the looks that all found it so") {
    const IdleMemory before = memory_with({{3, k_now - 48h}, {7, k_now - 24h}});
    const IdleMemory after = gc::remembered(before, k_now, {9, 3});
    CHECK(ids_of(after) == Ids{3, 9});
    CHECK(after.since(3) == k_now - 48h);
    CHECK(after.since(9) == k_now);
    CHECK_FALSE(after.since(7));
    CHECK_FALSE(gc::remembered(after, k_now + 24h, {7}).since(3));
}

TEST_CASE("witnesses that are found in their place prove that a use is seen, at that moment") {
    const IdleMemory before = memory_with({{3, k_now - 48h}});
    CHECK(gc::proved(before, {.at = k_now, .top = 50, .shown = 1}).proved == k_now);
    CHECK(gc::proved(before, {.at = k_now, .top = 50}).proved == k_now - 24h);
    // As many were replaced: no proof, and no reason to forget.
    const IdleMemory unsure =
        gc::proved(before, {.at = k_now, .top = 51, .shown = 3, .replaced = 3});
    CHECK(unsure.proved == k_now - 24h);
    CHECK(unsure.since(3));
    CHECK(gc::proved(before, {.at = k_now, .top = 51, .shown = 10, .erased = 1}).since(3));
}

TEST_CASE("a memory counts no more when uses vanish or the table is another") {
    const IdleMemory before = memory_with({{3, k_now - 48h}});
    for (const gc::IdleProof& proof :
         {gc::IdleProof{.at = k_now, .top = 50, .shown = 9, .erased = 1},
          gc::IdleProof{.at = k_now, .top = 50, .erased = 1},
          gc::IdleProof{.at = k_now, .top = 50, .replaced = 3},
          gc::IdleProof{.at = k_now, .top = 49}}) {
        CAPTURE(proof.top);
        CHECK(gc::distrust(before, proof).size() > 20);
        const IdleMemory after = gc::proved(before, proof);
        CHECK(after.tokens.empty());
        CHECK_FALSE(after.proved);
    }
    // The newest refresh token was removed, and the access tokens are where they were.
    CHECK(gc::distrust(before, {.at = k_now, .top = 49, .shown = 1}).empty());
}

TEST_CASE_FIXTURE(Portal, "refresh_unused takes what was bare for longer than the age, no other") {
    run_and_save();
    CHECK(left() == Ids{3, 4, 5, 6});
    CHECK(policy().removed == 2);
    CHECK(policy().kept.at("not_idle_for_long") == 3);
    CHECK(policy().kept.at("referenced") == 1);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Portal, "what a look saw is kept before anything is removed") {
    run_and_save();
    REQUIRE(saved.size() == 1);
    CHECK(removals_before_saving == 0);
    CHECK(ids_of(saved.front()) == Ids{1, 2, 3, 4});
    CHECK(saved.front().since(4) == store.now);
    REQUIRE(saved.front().witnesses.size() == 1);
    CHECK(saved.front().witnesses.front().access_token == 16);
}

TEST_CASE_FIXTURE(Portal, "a run that cannot keep what it saw removes nothing") {
    gc::Environment world = environment();
    world.remember_idle = [](const IdleMemory&) {
        throw util::Error(util::ErrorKind::io, "no space");
    };
    CHECK(test::failure_of([&] { gc::collect(store, plan(), settings, world, report); }).kind ==
          util::ErrorKind::io);
    CHECK(left().size() == 6);
    CHECK(store.count_calls("begin") == 0);
}

TEST_CASE_FIXTURE(Portal,
                  "a dry run with refresh_unused says what the run does, and keeps nothing") {
    dry_run();
    const gc::PolicyTally dry = policy();
    CHECK(left().size() == 6);
    report = {};
    run_and_save();
    CHECK(dry.removed == policy().removed);
    CHECK(dry.kept == policy().kept);
}

TEST_CASE_FIXTURE(Portal, "without a proof of these days refresh_unused takes nothing") {
    for (const auto proved : {std::optional<util::TimePoint>{}, std::optional(ago(73h))}) {
        remember({{1, ago(40 * 24h)}}, proved);
        report = {};
        run_and_save();
        CHECK(left().size() == 6);
        CHECK(policy().kept.at("unproved") == 1);
    }
}

TEST_CASE_FIXTURE(Portal,
                  "a witness that vanished and left its refresh token bare ends the memory") {
    // 15 was live at the last look, expired, and is there; 17 is gone, and 4 is bare.
    // bare.
    const gc::IdleWitness there{.access_token = 15, .refresh_token = 5, .expiration = ago(20h)};
    const gc::IdleWitness gone{.access_token = 17, .refresh_token = 4, .expiration = ago(20h)};

    const std::vector<gc::IdleToken> tokens{{1, ago(40 * 24h)}};
    SUBCASE("one is gone, one is there") {
        remember(tokens, ago(24h), {there, gone});
        run_and_save();
        CHECK(left().size() == 6);
        REQUIRE(report.warnings.size() == 1);
        CHECK(report.warnings.front().find("somebody else cleans up") != std::string::npos);
        CHECK(saved.front().since(1) == store.now);
    }
    SUBCASE("all are there") {
        remember(tokens, std::nullopt, {there});
        run_and_save();
        CHECK(left().size() == 5);
        CHECK(report.warnings.empty());
        CHECK(saved.front().proved == store.now);
    }
    SUBCASE("what is gone was refreshed, or its refresh token is gone as well") {
        gc::IdleWitness refreshed = gone;
        refreshed.refresh_token = 6;
        gc::IdleWitness logged_out = gone;
        logged_out.refresh_token = 99;
        remember(tokens, ago(24h), {refreshed, logged_out});
        run_and_save();
        CHECK(left().size() == 5);
        CHECK(report.warnings.empty());
    }
}

TEST_CASE_FIXTURE(Portal, "a token that is used after the look stays") {
    store.before("begin", 2, [&] {
        store.elsewhere([&](test::Tables& tables) {
            tables.rows[Target::access_token][20] = {
                .expiration = later(1h), .client_id = 1, .parent_id = 1, .refresh_token_id = 1};
        });
    });
    run_and_save();
    CHECK(left() == Ids{1, 3, 4, 5, 6});
}

TEST_CASE_FIXTURE(Portal, "what is spared stays, however long it is idle") {
    settings.early.spare.clients = {"portal"};
    run_and_save();
    CHECK(left().size() == 6);
    CHECK(policy().kept.at("spared") == 2);
}

TEST_CASE_FIXTURE(Portal, "a run that removes access tokens without a look forgets what was seen") {
    SUBCASE("because refresh_unused is off") {
        settings.early.refresh_unused.age = 0ms;
    }
    SUBCASE("because refresh tokens are not collected") {
        settings.policy.switched_off = {Target::refresh_token};
    }
    run_and_save();
    REQUIRE(saved.size() == 1);
    CHECK(saved.front().tokens.empty());
    CHECK_FALSE(saved.front().proved);
    CHECK(removals_before_saving == 0);
    CHECK(left().size() == 6);
}

TEST_CASE_FIXTURE(Portal, "a run that lost its session takes nothing by what it saw before") {
    store.before("begin", 1, [] {
        throw util::Error(util::ErrorKind::connection, "the server has gone away");
    });
    run_and_save();
    CHECK(report.reconnects == 1);
    CHECK(left().size() == 6);
}

TEST_CASE_FIXTURE(Portal, "without refresh_unused a run does not look") {
    settings.early.refresh_unused.age = 0ms;
    settings.early.quota.tokens = 100;
    run_and_save();
    CHECK(store.count_calls("live_tokens_of") == 0);
    CHECK(left().size() == 6);
}
