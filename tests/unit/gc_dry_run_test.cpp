// SPDX-License-Identifier: Apache-2.0
// The third promise: a dry run is the real run without the removals, and its numbers are the same.
#include "gc/dry_run_store.hpp"

#include "unit/fake_run.hpp"
#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

using gc::Id;
using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

// What a report says about a target, for comparison; counts of nothing are left out.
std::string text_of(const gc::TargetTally& tally) {
    std::string text = fmt::format("scanned {} removed {} vanished {}", tally.scanned,
                                   tally.removed, tally.vanished);
    for (const auto& counts : {tally.kept, tally.satellites}) {
        for (const auto& [name, count] : counts) {
            text += count == 0 ? "" : fmt::format(" {} {}", name, count);
        }
    }
    return text;
}

struct Run : FakeRun {
    // Dry run, then real run, on the same rows.
    void compare() {
        const test::Tables before = store.tables;
        dry_run();
        CHECK((store.tables == before));
        const gc::RunReport dry = report;
        report = {};
        run();
        CHECK(gc::rows_removed(dry.tally) == gc::rows_removed(report.tally));
        for (const Target target : gc::k_targets) {
            CAPTURE(gc::name(target));
            const auto expected = dry.tally.find(target);
            CHECK(text_of(expected == dry.tally.end() ? gc::TargetTally{} : expected->second) ==
                  text_of(tally(target)));
        }
    }
};

// Rows of every kind, with references at random, dangling ones included.
void fill_at_random(FakeRun& run, std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<Id>(random() % static_cast<unsigned>(n)); };
    const auto moment = [&]() -> std::optional<util::TimePoint> {
        const Id kind = below(10);
        if (kind == 0) {
            return std::nullopt;
        }
        return kind < 7 ? run.ago(1h + std::chrono::seconds{below(50'000)})
                        : run.later(-30min + std::chrono::seconds{below(7200)});
    };
    const auto maybe = [&](int n) -> std::optional<Id> {
        return below(5) == 0 ? std::nullopt : std::optional<Id>(1 + below(n));
    };
    for (Id id = 1; id <= 40; ++id) {
        run.store.tables.add(Target::authentication_holder, id, {.parent_id = maybe(25)});
        run.store.tables.add(
            Target::access_token, id,
            {.expiration = moment(), .parent_id = maybe(45), .refresh_token_id = maybe(25)});
        if (below(8) == 0) {
            run.store.tables.satellites["token_scope"].emplace(id, "registration-token");
        }
        run.store.tables.satellites["access_token_permissions"].emplace(
            1 + below(50), std::to_string(1 + below(15)));
    }
    for (Id id = 1; id <= 20; ++id) {
        run.store.tables.add(Target::saved_user_auth, id);
        run.store.tables.add(Target::refresh_token, id,
                             {.expiration = moment(), .parent_id = maybe(45)});
        run.store.tables.keyed[Target::iam_revoked_at][std::to_string(id)] = moment();
        run.store.tables.keyed[Target::spring_session][std::to_string(id)] = moment();
        run.store.tables.session_attributes.emplace(std::to_string(id), "x");
    }
    for (Id id = 1; id <= 10; ++id) {
        run.store.tables.add(Target::authorization_code, id,
                             {.expiration = moment(), .parent_id = maybe(45)});
        run.store.tables.add(Target::device_code, id,
                             {.expiration = moment(), .parent_id = maybe(45)});
        run.store.tables.add(Target::permission, id);
        run.store.tables.add(Target::permission_ticket, id,
                             {.expiration = moment(), .permission_id = maybe(15)});
        run.store.tables.add_satellites("token_scope", 100 + id, 1 + below(3));
        run.store.tables.add_satellites("authentication_holder_scope", 100 + id, 1);
    }
}

}  // namespace

TEST_CASE_FIXTURE(Run, "a dry run changes nothing and begins no transaction") {
    fill_at_random(*this, 1);
    const test::Tables before = store.tables;
    dry_run();
    CHECK((store.tables == before));
    for (const char* const method : {"begin", "commit", "lock", "remove", "remove_satellites",
                                     "remove_ownerless", "remove_keys", "drain_satellites"}) {
        CHECK(store.count_calls(method) == 0);
    }
}

TEST_CASE_FIXTURE(Run, "a dry run counts holders and users that only this run would make orphans") {
    add_witness(9000, 100);
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    add_garbage(1, 3, 10);
    settings.limits.batch_size = 2;
    compare();
    CHECK(tally(Target::authentication_holder).removed == 2);
    CHECK(tally(Target::saved_user_auth).removed == 1);
}

TEST_CASE_FIXTURE(Run, "a dry run counts a refresh token whose access tokens would all go") {
    store.tables.add(Target::refresh_token, 1, {.expiration = ago(2h)});
    store.tables.add(Target::access_token, 10, {.expiration = ago(3h), .refresh_token_id = 1});
    store.tables.add(Target::refresh_token, 2, {.expiration = ago(2h)});
    store.tables.add(Target::access_token, 11, {.expiration = later(1h), .refresh_token_id = 2});
    compare();
    CHECK(tally(Target::refresh_token).removed == 1);
    CHECK(tally(Target::refresh_token).kept.at("referenced") == 1);
}

TEST_CASE_FIXTURE(Run, "a dry run counts a user authentication that two dying holders share once") {
    add_witness(9000, 100);
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    store.tables.add(Target::authentication_holder, 11, {.parent_id = 20});
    add_garbage(1, 1, 10);
    compare();
    CHECK(tally(Target::saved_user_auth).removed == 1);
}

TEST_CASE_FIXTURE(Run, "a dry run counts a permission that a token, a ticket or a stray row held") {
    store.catalog = test::mitreid_schema();
    for (const Id permission : {1, 2, 3}) {
        store.tables.add(Target::permission, permission);
    }
    add_garbage(1, 1);
    store.tables.satellites["access_token_permissions"] = {{1, "1"}, {999, "3"}};
    store.tables.add(Target::permission_ticket, 2, {.expiration = ago(2h), .permission_id = 2});
    compare();
    CHECK(tally(Target::permission).removed == 3);
}

TEST_CASE_FIXTURE(Run, "a dry run makes no pauses") {
    settings.throttle.busy_share = 0.1;
    add_garbage(1, 100);
    settings.limits.batch_size = 10;
    store.cost = [this](const std::string&) { time += 10ms; };
    dry_run();
    CHECK(pauses.empty());
    CHECK(report.dry_run);
}

TEST_CASE_FIXTURE(Run, "a dry run ends at the same max_rows as the run") {
    fill_at_random(*this, 7);
    settings.limits.max_rows = 37;
    compare();
    CHECK(gc::rows_removed(report.tally) == 37);
}

TEST_CASE_FIXTURE(Run, "a dry run asks neither for the lock of a run nor for the right to remove") {
    store.other_run = "somebody else";
    store.denied = {"access_token"};
    gc::DryRunStore dry(store);
    CHECK(dry.try_lock_run().acquired);
    CHECK_NOTHROW(dry.probe_removal("access_token"));
    CHECK(store.count_calls("try_lock_run") == 0);
}

TEST_CASE("a dry run prints the numbers of the run that follows it, on random databases") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Run run;
        fill_at_random(run, seed);
        run.settings.limits.batch_size = 1 + seed % 9;
        run.compare();
    }
}

TEST_CASE("without foreign keys too a dry run prints the numbers of the run that follows it") {
    for (std::uint32_t seed = 101; seed <= 140; ++seed) {
        CAPTURE(seed);
        Run run;
        run.store.catalog = test::mitreid_schema();
        fill_at_random(run, seed);
        run.settings.limits.batch_size = 1 + seed % 9;
        run.compare();
    }
}

TEST_CASE("after a run on a random database nothing that lives is gone and no garbage is left") {
    for (std::uint32_t seed = 201; seed <= 240; ++seed) {
        CAPTURE(seed);
        Run run;
        fill_at_random(run, seed);
        const test::Tables before = run.store.tables;
        run.run();
        const gc::Policy policy = run.report.plan.of(Target::access_token).policy;
        for (const auto& [target, rows] : before.rows) {
            for (const auto& [id, row] : rows) {
                const bool here = run.store.tables.has(target, id);
                const bool may_go = gc::expires(target)
                                        ? row.expiration && *row.expiration <= policy.cutoff
                                        : run.store.tables.references(target, id).empty();
                CAPTURE(gc::name(target));
                CAPTURE(id);
                CHECK((here || may_go));
                CHECK((here || !before.is_registration(id) || target != Target::access_token));
            }
        }
        run.report = {};
        run.run();
        CHECK(gc::rows_removed(run.report.tally) == 0);
    }
}
