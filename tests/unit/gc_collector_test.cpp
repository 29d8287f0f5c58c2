// SPDX-License-Identifier: Apache-2.0
// A whole run over every target: what goes, what stays, and how both are counted.
#include "gc/collector.hpp"

#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

using gc::Id;
using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

// A little of everything, garbage and not.
struct Run : FakeRun {
    Run() {
        add_witness(9000, 1000);
        store.tables.add(Target::saved_user_auth, 500);
        store.tables.rows[Target::authentication_holder][1000].parent_id = 500;
    }

    bool has(Target target, Id id) const { return store.tables.has(target, id); }
};

}  // namespace

TEST_CASE_FIXTURE(Run, "an expired refresh token goes once its expired access tokens are gone") {
    store.tables.add(Target::refresh_token, 1, {.expiration = ago(2h)});
    store.tables.add(Target::access_token, 10, {.expiration = ago(3h), .refresh_token_id = 1});
    store.tables.add(Target::access_token, 11, {.expiration = ago(4h), .refresh_token_id = 1});
    run();
    CHECK_FALSE(has(Target::refresh_token, 1));
    CHECK(tally(Target::refresh_token).removed == 1);
}

TEST_CASE_FIXTURE(Run, "an expired refresh token stays while an access token is not garbage") {
    const auto with = [this](std::optional<util::TimePoint> expiration, const char* scope) {
        store.tables.add(Target::refresh_token, 1, {.expiration = ago(2h)});
        store.tables.add(Target::access_token, 10,
                         {.expiration = expiration, .refresh_token_id = 1});
        store.tables.satellites["token_scope"].emplace(10, scope);
        run();
        CHECK(has(Target::refresh_token, 1));
        CHECK(has(Target::access_token, 10));
        CHECK(tally(Target::refresh_token).kept.at("referenced") == 1);
    };
    SUBCASE("a live one") {
        with(later(1h), "openid");
    }
    SUBCASE("one in grace") {
        with(ago(30min), "openid");
    }
    SUBCASE("one that never expires") {
        with(std::nullopt, "openid");
    }
    SUBCASE("an expired registration token") {
        with(ago(48h), "registration-token");
    }
}

TEST_CASE_FIXTURE(Run,
                  "an expired access token goes and leaves its live refresh token and holder") {
    store.tables.add(Target::authentication_holder, 7);
    store.tables.add(Target::refresh_token, 1, {.expiration = later(720h), .parent_id = 7});
    store.tables.add(Target::access_token, 10,
                     {.expiration = ago(3h), .parent_id = 7, .refresh_token_id = 1});
    run();
    CHECK_FALSE(has(Target::access_token, 10));
    CHECK(has(Target::refresh_token, 1));
    CHECK(has(Target::authentication_holder, 7));
    CHECK(tally(Target::refresh_token).kept.at("not_expired") == 1);
}

TEST_CASE_FIXTURE(Run,
                  "fifty expired tokens of one holder leave it to the live token that shares it") {
    store.tables.add(Target::saved_user_auth, 400);
    store.tables.add(Target::authentication_holder, 7, {.parent_id = 400});
    add_garbage(1, 49, 7);
    store.tables.add(Target::access_token, 50, {.expiration = later(1h), .parent_id = 7});
    settings.limits.batch_size = 10;
    run();
    CHECK(has(Target::authentication_holder, 7));
    CHECK(has(Target::saved_user_auth, 400));
    CHECK(store.tables.satellite_count("authentication_holder_scope", 7) == 1);
    CHECK(tally(Target::access_token).removed == 50);
}

TEST_CASE_FIXTURE(Run, "a holder whose tokens fill many batches goes with the last of them") {
    store.tables.add(Target::authentication_holder, 7);
    add_garbage(1, 50, 7);
    settings.limits.batch_size = 10;
    run();
    CHECK_FALSE(has(Target::authentication_holder, 7));
    CHECK(tally(Target::authentication_holder).scanned == 2);
}

TEST_CASE_FIXTURE(Run,
                  "an expired code goes with its satellites and holder, a live one stays whole") {
    for (const Target target : {Target::authorization_code, Target::device_code}) {
        store.tables.add(Target::authentication_holder, 7);
        store.tables.add(Target::authentication_holder, 8);
        store.tables.add(target, 1, {.expiration = ago(2h), .parent_id = 7});
        store.tables.add(target, 2, {.expiration = later(5min), .parent_id = 8});
        store.tables.add(target, 3, {.expiration = ago(30min)});
        store.tables.add(target, 4);
        report = {};
        run();
        CAPTURE(gc::name(target));
        CHECK_FALSE(has(target, 1));
        CHECK_FALSE(has(Target::authentication_holder, 7));
        CHECK(has(target, 2));
        CHECK(has(Target::authentication_holder, 8));
        CHECK(has(target, 3));
        CHECK(has(target, 4));
        CHECK(tally(target).kept == std::map<std::string, std::int64_t>{
                                        {"in_grace", 1}, {"never_expires", 1}, {"not_expired", 1}});
    }
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "an orphan holder goes with its satellites and its user authentication") {
    store.tables.add(Target::saved_user_auth, 400);
    store.tables.add(Target::authentication_holder, 999, {.parent_id = 400});
    run();
    CHECK_FALSE(has(Target::authentication_holder, 999));
    CHECK_FALSE(has(Target::saved_user_auth, 400));
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "an orphan above the safe point stays, holder and user authentication") {
    store.tables.add(Target::authentication_holder, 1001);
    store.tables.add(Target::saved_user_auth, 501);
    run();
    CHECK(has(Target::authentication_holder, 1001));
    CHECK(has(Target::saved_user_auth, 501));
    CHECK(store.tables.satellite_count("saved_user_auth_info", 501) == 1);
}

TEST_CASE_FIXTURE(Run, "a user authentication without a holder goes up to its own safe point") {
    store.tables.add(Target::saved_user_auth, 499);
    run();
    CHECK_FALSE(has(Target::saved_user_auth, 499));
    CHECK(tally(Target::saved_user_auth).removed == 2);
}

TEST_CASE("without a safe point every orphan stays and the plan says why") {
    FakeRun run;
    run.store.tables.add(Target::saved_user_auth, 1);
    run.store.tables.add(Target::authentication_holder, 1, {.parent_id = 1});
    run.store.tables.add(Target::authentication_holder, 2);
    run.run();
    CHECK(run.store.tables.count(Target::authentication_holder) == 2);
    CHECK(run.report.plan.of(Target::authentication_holder).state == gc::TargetState::waiting);
}

TEST_CASE("a token in grace gives the safe point by which an older orphan goes") {
    FakeRun run;
    run.store.tables.add(Target::authentication_holder, 5);
    run.store.tables.add(Target::authentication_holder, 6);
    run.store.tables.add(Target::access_token, 1, {.expiration = run.ago(30min), .parent_id = 6});
    run.run();
    CHECK_FALSE(run.store.tables.has(Target::authentication_holder, 5));
    CHECK(run.store.tables.has(Target::authentication_holder, 6));
    CHECK(run.store.tables.has(Target::access_token, 1));
}

TEST_CASE("a token that expired within the margin gives no safe point") {
    FakeRun run;
    run.settings.policy.orphans_margin = 10min;
    run.store.tables.add(Target::authentication_holder, 5);
    run.store.tables.add(Target::authentication_holder, 6);
    run.store.tables.add(Target::access_token, 1, {.expiration = run.ago(9min), .parent_id = 6});
    run.run();
    CHECK(run.store.tables.has(Target::authentication_holder, 5));
}

TEST_CASE_FIXTURE(Run, "a permission goes when its token and its ticket are gone, else it stays") {
    for (const Id permission : {1, 2, 3, 4}) {
        store.tables.add(Target::permission, permission);
    }
    add_garbage(1, 1);
    store.tables.add(Target::access_token, 2, {.expiration = later(1h)});
    store.tables.satellites["access_token_permissions"] = {{1, "1"}, {1, "2"}, {2, "2"}, {1, "3"}};
    store.tables.add(Target::permission_ticket, 1, {.expiration = later(1h), .permission_id = 3});
    store.tables.add(Target::permission_ticket, 2, {.expiration = ago(2h), .permission_id = 4});
    run();
    CHECK_FALSE(has(Target::permission, 1));
    CHECK(has(Target::permission, 2));
    CHECK(has(Target::permission, 3));
    CHECK_FALSE(has(Target::permission, 4));
    CHECK_FALSE(has(Target::permission_ticket, 2));
    CHECK(tally(Target::permission).kept.at("referenced") == 2);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "revocations and sessions go when they expired and stay otherwise") {
    for (const Target target : {Target::iam_revoked_at, Target::spring_session}) {
        store.tables.keyed[target] = {
            {"a", ago(2h)}, {"b", ago(30min)}, {"c", later(1h)}, {"d", std::nullopt}};
    }
    store.tables.session_attributes = {{"a", "x"}, {"c", "y"}};
    run();
    for (const Target target : {Target::iam_revoked_at, Target::spring_session}) {
        CHECK(store.tables.keyed[target].size() == 3);
        CHECK_FALSE(store.tables.keyed[target].contains("a"));
        CHECK(tally(target).scanned == 4);
        CHECK(tally(target).removed == 1);
    }
    CHECK(store.tables.session_attributes.size() == 1);
}

TEST_CASE_FIXTURE(Run, "tokens with one and the same expiration all go, each scanned once") {
    for (Id id = 1; id <= 100; ++id) {
        store.tables.add(Target::access_token, id, {.expiration = ago(5h)});
    }
    settings.limits.batch_size = 7;
    run();
    CHECK(tally(Target::access_token).scanned == 101);
    CHECK(tally(Target::access_token).removed == 101);
}

TEST_CASE_FIXTURE(Run, "a target that is switched off is left alone, and only that one") {
    settings.policy.switched_off = {Target::access_token};
    store.tables.add(Target::refresh_token, 1, {.expiration = ago(2h)});
    run();
    CHECK(has(Target::access_token, 9000));
    CHECK_FALSE(has(Target::refresh_token, 1));
    CHECK_FALSE(report.tally.contains(Target::access_token));
}

TEST_CASE_FIXTURE(Run,
                  "what is scanned is removed, kept or vanished, and nothing is counted twice") {
    add_garbage(1, 20);
    store.tables.add(Target::access_token, 100, {.expiration = ago(5h)});
    store.tables.satellites["token_scope"].emplace(100, "resource-token");
    for (Id id = 1; id <= 9; ++id) {
        store.tables.add(Target::refresh_token, id,
                         {.expiration = id % 3 == 0 ? later(1h) : ago(2h)});
    }
    run();
    for (const auto& [target, part] : report.tally) {
        std::int64_t kept = 0;
        for (const auto& [reason, count] : part.kept) {
            kept += count;
        }
        CAPTURE(gc::name(target));
        CHECK(part.scanned == part.removed + part.vanished + kept);
    }
}

TEST_CASE_FIXTURE(Run, "a second run finds nothing to do") {
    add_garbage(1, 20);
    run();
    report = {};
    run();
    CHECK(gc::rows_removed(report.tally) == 0);
    CHECK(report.batches == 0);
}
