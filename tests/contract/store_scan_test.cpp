// SPDX-License-Identifier: Apache-2.0
// What a scan returns, and what examine and find say about it.
#include "contract/store_case.hpp"

using gc::Target;
using test::Ids;
using test::ids_of;
using test::k_cutoff;
using test::k_expired;
using test::k_live;
using test::on_every_store;
using test::on_one_store_per_backend;
using test::policy;
using test::scan_all;
using test::sorted;
using test::StoreCase;

TEST_CASE("expired access tokens come once each, the last expired first, in pages of any size") {
    on_every_store([](StoreCase& c) {
        const gc::Id holder = c.iam.holder();
        const gc::Id at_cutoff = c.iam.access_token({.expiration = k_cutoff, .holder = holder});
        c.iam.access_token({.expiration = k_cutoff + std::chrono::seconds{1}, .holder = holder});
        c.iam.access_token({.expiration = k_live});
        c.iam.access_token({});
        Ids same_second;
        for (int i = 0; i < 7; ++i) {
            same_second.push_back(c.iam.access_token({.expiration = k_expired}));
        }
        const gc::Id oldest = c.iam.access_token({.expiration = k_expired - std::chrono::hours{1}});
        c.iam.flush();
        Ids expected{at_cutoff};
        expected.insert(expected.end(), same_second.rbegin(), same_second.rend());
        expected.push_back(oldest);
        for (const std::int64_t limit : {1, 2, 3, 9, 100}) {
            CAPTURE(limit);
            CHECK(ids_of(scan_all(c.store, Target::access_token, policy(), limit)) == expected);
        }
        const gc::Candidate first =
            c.store.scan(Target::access_token, {}, policy(), 1).candidates.at(0);
        CHECK(first.expiration == k_cutoff);
        CHECK(first.parent_id == holder);
        CHECK(first.client_id == c.iam.current_client().id);
    });
}

TEST_CASE(
    "a zero date of MySQL is no moment: its token is kept, proves nothing and ends the scan") {
    on_one_store_per_backend([](StoreCase& c) {
        if (c.database.dialect() != db::Dialect::mysql) {
            return;
        }
        const gc::Id holder = c.iam.holder();
        const gc::Id zero = c.iam.access_token({.expiration = k_expired, .holder = holder});
        const gc::Id expired = c.iam.access_token({.expiration = k_expired});
        c.iam.flush();
        c.connection->execute(
            "UPDATE access_token SET expiration = '0000-00-00 00:00:00' WHERE id = " +
            std::to_string(zero));
        for (const std::int64_t limit : {1, 2, 10}) {
            const auto found = scan_all(c.store, Target::access_token, policy(), limit);
            CHECK(ids_of(found) == Ids{expired, zero});
            CHECK_FALSE(found.at(1).expiration);
            CHECK(gc::classify(found.at(1), Target::access_token, policy()) ==
                  gc::Verdict::keep_never_expires);
        }
        CHECK_FALSE(c.store.holder_safe_point(k_cutoff));
    });
}

TEST_CASE("tables without an index on expiration are walked by id, live rows included") {
    on_every_store([](StoreCase& c) {
        const gc::Id holder = c.iam.holder();
        const Ids refresh{c.iam.refresh_token(k_expired, holder),
                          c.iam.refresh_token(k_live, holder), c.iam.refresh_token({}, {})};
        const Ids codes{c.iam.authorization_code(k_expired, holder),
                        c.iam.authorization_code({}, {})};
        const Ids device{c.iam.device_code({.expiration = k_expired, .holder = holder}),
                         c.iam.device_code({.expiration = k_live})};
        const gc::Id used = c.iam.permission({"read"});
        const Ids permissions{used, c.iam.permission({})};
        const Ids tickets{c.iam.permission_ticket(k_expired, used),
                          c.iam.permission_ticket({}, used)};
        c.iam.flush();
        for (const std::int64_t limit : {1, 2, 100}) {
            CAPTURE(limit);
            CHECK(ids_of(scan_all(c.store, Target::refresh_token, policy(), limit)) == refresh);
            CHECK(ids_of(scan_all(c.store, Target::authorization_code, policy(), limit)) == codes);
            CHECK(ids_of(scan_all(c.store, Target::device_code, policy(), limit)) == device);
            CHECK(ids_of(scan_all(c.store, Target::permission_ticket, policy(), limit)) == tickets);
            CHECK(ids_of(scan_all(c.store, Target::permission, policy(), limit)) == permissions);
        }
        const auto rows = scan_all(c.store, Target::refresh_token, policy(), 10);
        CHECK(rows.at(0).expiration == k_expired);
        CHECK(rows.at(0).parent_id == holder);
        CHECK(rows.at(0).client_id == c.iam.current_client().id);
        CHECK_FALSE(rows.at(2).expiration);
        CHECK_FALSE(rows.at(2).parent_id);
    });
}

TEST_CASE("only holders that no token or code refers to come back, up to the safe point") {
    on_every_store([](StoreCase& c) {
        const gc::Id user = c.iam.user_auth();
        const gc::Id orphan = c.iam.holder({.user_auth = user});
        const gc::Id of_token = c.iam.holder();
        for (int i = 0; i < 30; ++i) {
            c.iam.access_token({.expiration = k_expired, .holder = of_token});
        }
        c.iam.refresh_token({}, c.iam.holder());
        c.iam.authorization_code(k_expired, c.iam.holder());
        const gc::Id of_device = c.iam.holder();
        c.iam.device_code({.expiration = k_live, .holder = of_device});
        const gc::Id second = c.iam.holder();
        const gc::Id young = c.iam.holder();
        c.iam.flush();
        for (const std::int64_t limit : {1, 2, 100}) {
            CAPTURE(limit);
            auto found = scan_all(c.store, Target::authentication_holder, policy(second), limit);
            CHECK(ids_of(found) == Ids{orphan, of_device, second});
            c.store.examine(Target::authentication_holder, found, policy(second));
            CHECK_FALSE(found.at(0).referenced);
            CHECK(found.at(1).referenced);
            CHECK(found.at(0).parent_id == user);
        }
        CHECK(scan_all(c.store, Target::authentication_holder, policy(), 10).empty());
        CHECK(ids_of(scan_all(c.store, Target::authentication_holder, policy(young), 10)).back() ==
              young);
    });
}

TEST_CASE("a slice without an orphan does not end the scan") {
    on_one_store_per_backend([](StoreCase& c) {
        for (int i = 0; i < 35; ++i) {
            c.iam.access_token({.expiration = k_live, .holder = c.iam.holder()});
        }
        const gc::Id orphan = c.iam.holder();
        c.iam.flush();
        const gc::ScanResult first =
            c.store.scan(Target::authentication_holder, {}, policy(orphan), 2);
        CHECK(first.candidates.empty());
        CHECK_FALSE(first.done);
        CHECK(ids_of(scan_all(c.store, Target::authentication_holder, policy(orphan), 2)) ==
              Ids{orphan});
    });
}

TEST_CASE("only user authentications that no holder refers to come back, up to the safe point") {
    on_every_store([](StoreCase& c) {
        const gc::Id orphan = c.iam.user_auth();
        const gc::Id used = c.iam.user_auth();
        c.iam.holder({.user_auth = used});
        c.iam.holder({});
        const gc::Id second = c.iam.user_auth();
        c.iam.user_auth();
        c.iam.flush();
        for (const std::int64_t limit : {1, 2, 100}) {
            CAPTURE(limit);
            CHECK(ids_of(scan_all(c.store, Target::saved_user_auth, policy(second), limit)) ==
                  Ids{orphan, second});
        }
        CHECK(c.store.referenced(Target::saved_user_auth, {orphan, used, second}) == Ids{used});
    });
}

TEST_CASE("examine marks registration tokens, used refresh tokens and used permissions") {
    on_every_store([](StoreCase& c) {
        const gc::Id refresh = c.iam.refresh_token(k_expired, {});
        const gc::Id unused = c.iam.refresh_token(k_expired, {});
        c.iam.access_token({.expiration = k_expired, .scopes = {"registration-token"}});
        c.iam.access_token({.expiration = k_expired, .scopes = {"openid", "resource-token"}});
        const gc::Id plain = c.iam.access_token(
            {.expiration = k_expired, .refresh_token = refresh, .scopes = {"openid"}});
        const gc::Id granted = c.iam.permission({});
        const gc::Id ticketed = c.iam.permission({});
        const gc::Id free = c.iam.permission({});
        c.iam.grant(plain, granted);
        c.iam.permission_ticket(k_expired, ticketed);
        c.iam.flush();

        auto tokens = scan_all(c.store, Target::access_token, policy(), 10);
        c.store.examine(Target::access_token, tokens, policy());
        for (const gc::Candidate& token : tokens) {
            CHECK(token.registration == (token.id != plain));
            CHECK_FALSE(token.referenced);
        }
        CHECK(c.store.referenced(Target::refresh_token, {refresh, unused}) == Ids{refresh});
        CHECK(c.store.find(Target::refresh_token, refresh, policy())->referenced);
        CHECK_FALSE(c.store.find(Target::refresh_token, unused, policy())->referenced);
        CHECK(sorted(c.store.referenced(Target::permission, {granted, ticketed, free})) ==
              Ids{granted, ticketed});
    });
}

TEST_CASE("find returns one examined row of any kind, or nothing") {
    on_one_store_per_backend([](StoreCase& c) {
        const gc::Id user = c.iam.user_auth();
        const gc::Id holder = c.iam.holder({.user_auth = user});
        const gc::Id token = c.iam.access_token(
            {.expiration = k_expired, .holder = holder, .scopes = {"registration-token"}});
        const gc::Id permission = c.iam.permission({});
        c.iam.flush();
        const auto found = c.store.find(Target::access_token, token, policy());
        REQUIRE(found);
        CHECK(found->expiration == k_expired);
        CHECK(found->parent_id == holder);
        CHECK(found->registration);
        const auto found_holder = c.store.find(Target::authentication_holder, holder, policy());
        REQUIRE(found_holder);
        CHECK(found_holder->referenced);
        CHECK(found_holder->parent_id == user);
        CHECK(c.store.find(Target::saved_user_auth, user, policy())->referenced);
        CHECK_FALSE(c.store.find(Target::permission, permission, policy())->referenced);
        for (const Target target :
             {Target::access_token, Target::refresh_token, Target::authorization_code,
              Target::device_code, Target::authentication_holder, Target::saved_user_auth,
              Target::permission_ticket, Target::permission}) {
            CHECK_FALSE(c.store.find(target, 999'999, policy()));
        }
    });
}

TEST_CASE("references names every row that refers to one of the ids") {
    on_every_store([](StoreCase& c) {
        const gc::Id user = c.iam.user_auth();
        const gc::Id holder = c.iam.holder({.user_auth = user});
        const gc::Id other = c.iam.holder();
        const gc::Id refresh = c.iam.refresh_token(k_expired, holder);
        const gc::Id token =
            c.iam.access_token({.expiration = k_live, .holder = holder, .refresh_token = refresh});
        const gc::Id code = c.iam.authorization_code(k_expired, holder);
        const gc::Id device = c.iam.device_code({.expiration = k_expired, .holder = holder});
        c.iam.access_token({.holder = other});
        const gc::Id permission = c.iam.permission({});
        c.iam.grant(token, permission);
        const gc::Id ticket = c.iam.permission_ticket({}, permission);
        c.iam.flush();

        const auto has = [&](Target target, gc::Id id, Target referrer, gc::Id referrer_id) {
            const auto references = c.store.references(target, {id});
            return std::ranges::any_of(references, [&](const gc::Reference& reference) {
                return reference.id == id && reference.referrer == referrer &&
                       reference.referrer_id == referrer_id;
            });
        };
        CHECK(c.store.references(Target::authentication_holder, {holder}).size() == 4);
        CHECK(has(Target::authentication_holder, holder, Target::access_token, token));
        CHECK(has(Target::authentication_holder, holder, Target::refresh_token, refresh));
        CHECK(has(Target::authentication_holder, holder, Target::authorization_code, code));
        CHECK(has(Target::authentication_holder, holder, Target::device_code, device));
        CHECK(has(Target::refresh_token, refresh, Target::access_token, token));
        CHECK(has(Target::saved_user_auth, user, Target::authentication_holder, holder));
        CHECK(c.store.references(Target::permission, {permission}).size() == 2);
        CHECK(has(Target::permission, permission, Target::access_token, token));
        CHECK(has(Target::permission, permission, Target::permission_ticket, ticket));
        CHECK(c.store.references(Target::access_token, {token}).empty());
    });
}
