// SPDX-License-Identifier: Apache-2.0
// Transactions, locks, the lock of a run, privileges, safe points and the clock.
#include "contract/store_case.hpp"
#include "support/failure.hpp"

#include <fmt/format.h>

#include <chrono>

#include <unistd.h>

using gc::Target;
using test::failure_of;
using test::Ids;
using test::ids_of;
using test::k_cutoff;
using test::k_expired;
using test::k_live;
using test::on_every_store;
using test::on_one_store_per_backend;
using test::policy;
using test::StoreCase;

TEST_CASE("what a transaction removed is back after a rollback and gone after a commit") {
    on_one_store_per_backend([](StoreCase& c) {
        const gc::Id token = c.iam.access_token({.expiration = k_expired, .scopes = {}});
        c.iam.flush();
        c.store.begin();
        CHECK(c.store.remove(Target::access_token, {token}, policy()) == 1);
        c.store.rollback();
        CHECK(c.store.existing(Target::access_token, {token}) == Ids{token});
        c.store.begin();
        CHECK(c.store.remove(Target::access_token, {token}, policy()) == 1);
        c.store.commit();
        CHECK(c.count("access_token") == 0);
    });
}

TEST_CASE("lock returns the rows that exist with the rows they point to, as read does") {
    on_every_store([](StoreCase& c) {
        const gc::Id user = c.iam.user_auth();
        const gc::Id holder = c.iam.holder({.user_auth = user});
        const gc::Id bare = c.iam.holder();
        const gc::Id refresh = c.iam.refresh_token(k_expired, holder);
        const gc::Id permission = c.iam.permission({});
        c.iam.flush();
        c.store.begin();
        for (const bool locking : {true, false}) {
            const auto rows = [&](Target target, const Ids& ids) {
                return locking ? c.store.lock(target, ids) : c.store.read(target, ids);
            };
            const auto holders = rows(Target::authentication_holder, {bare, 999'999, holder});
            CHECK(ids_of(holders) == Ids{holder, bare});
            CHECK(holders.at(0).parent_id == user);
            CHECK_FALSE(holders.at(1).parent_id);
            CHECK(rows(Target::refresh_token, {refresh}).at(0).parent_id == holder);
            CHECK(ids_of(rows(Target::permission, {permission})) == Ids{permission});
            CHECK_FALSE(rows(Target::saved_user_auth, {user}).at(0).parent_id);
        }
        c.store.rollback();
    });
}

TEST_CASE("lock leaves out rows that another session holds, at once") {
    on_one_store_per_backend([](StoreCase& c) {
        if (c.database.dialect() == db::Dialect::sqlite) {
            return;  // one writer at a time: begin waits instead
        }
        const Ids holders{c.iam.holder(), c.iam.holder(), c.iam.holder()};
        c.iam.flush();
        c.connection->begin();
        c.connection->execute(fmt::format(
            "UPDATE authentication_holder SET redirect_uri = 'x' WHERE id = {}", holders[1]));
        const auto start = std::chrono::steady_clock::now();
        c.store.begin();
        CHECK(ids_of(c.store.lock(Target::authentication_holder, holders)) ==
              Ids{holders[0], holders[2]});
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds{1500});
        c.store.rollback();
        c.connection->rollback();
    });
}

TEST_CASE("a new reference to a locked holder has to wait where a foreign key guards it") {
    on_every_store([](StoreCase& c) {
        if (c.database.dialect() == db::Dialect::sqlite ||
            !c.catalog.has_foreign_key("refresh_token", "auth_holder_id")) {
            return;
        }
        const gc::Id holder = c.iam.holder();
        c.iam.flush();
        c.store.begin();
        CHECK(c.store.lock(Target::authentication_holder, {holder}).size() == 1);
        const test::Failure failure = failure_of([&] {
            c.connection->execute(
                fmt::format("INSERT INTO refresh_token (auth_holder_id) VALUES ({})", holder));
        });
        CHECK(failure.kind == util::ErrorKind::transient);
        c.store.rollback();
    });
}

TEST_CASE("only one session holds the lock of a run, and the other is told who") {
    on_one_store_per_backend([](StoreCase& c) {
        db::SqlStore other(c.database.connect(), [&] { return c.database.connect(); });
        CHECK(c.store.try_lock_run().acquired);
        CHECK(c.store.try_lock_run().acquired);
        const gc::LockHolder refused = other.try_lock_run();
        CHECK_FALSE(refused.acquired);
        const std::string own = [&] {
            switch (c.database.dialect()) {
            case db::Dialect::mysql:
                return "connection " +
                       *c.store.connection().query("SELECT CONNECTION_ID()").at(0).at(0) +
                       " of root from ";
            case db::Dialect::postgresql:
                return "process " +
                       *c.store.connection().query("SELECT pg_backend_pid()").at(0).at(0) +
                       " of postgres from ";
            case db::Dialect::sqlite:
                return fmt::format("process {} on host ", getpid());
            }
            return std::string();
        }();
        CHECK_MESSAGE(refused.holder.starts_with(own), refused.holder);
        c.store.reconnect();
        CHECK(c.store.try_lock_run().acquired);
        CHECK_FALSE(other.try_lock_run().acquired);
    });
}

TEST_CASE("the lock of a run ends with its session") {
    on_one_store_per_backend([](StoreCase& c) {
        {
            db::SqlStore first(c.database.connect(), {});
            CHECK(first.try_lock_run().acquired);
        }
        c.store.reconnect();  // waits for a session that has just gone
        CHECK(c.store.try_lock_run().acquired);
    });
}

TEST_CASE("a store that could not reconnect says so at the next call, and can try again") {
    on_one_store_per_backend([](StoreCase& c) {
        bool up = false;
        db::SqlStore store(c.database.connect(), [&] {
            if (!up) {
                throw util::Error(util::ErrorKind::connection, "no server");
            }
            return c.database.connect();
        });
        CHECK(failure_of([&] { store.reconnect(); }).says("no server"));
        store.rollback();
        CHECK(failure_of([&] { store.clock(); }).kind == util::ErrorKind::connection);
        up = true;
        store.reconnect();
        CHECK(store.clock().unix_milliseconds > 0);
    });
}

TEST_CASE("runs on two databases of one server do not hinder each other") {
    on_one_store_per_backend([](StoreCase& c) {
        const test::Database second(c.database.backend());
        db::SqlStore other(second.connect(), [&] { return second.connect(); });
        CHECK(c.store.try_lock_run().acquired);
        CHECK(other.try_lock_run().acquired);
    });
}

TEST_CASE("probe_removal removes nothing, and says so when the session may not remove") {
    on_one_store_per_backend([](StoreCase& c) {
        c.iam.access_token({.expiration = k_expired});
        c.iam.flush();
        c.store.probe_removal("access_token");
        CHECK(c.count("access_token") == 1);
        db::SqlStore reader(c.database.connect({.read_only = true}), {});
        CHECK(failure_of([&] { reader.probe_removal("access_token"); }).kind ==
              util::ErrorKind::permission);
    });
}

TEST_CASE("has_more_rows_than counts no further than it must") {
    on_one_store_per_backend([](StoreCase& c) {
        for (int i = 0; i < 3; ++i) {
            c.iam.device_code({.expiration = k_live});
        }
        c.iam.flush();
        CHECK(c.store.has_more_rows_than("device_code", 2));
        CHECK_FALSE(c.store.has_more_rows_than("device_code", 3));
        CHECK_FALSE(c.store.has_more_rows_than("authorization_code", 0));
        CHECK(failure_of([&] {
                  c.store.has_more_rows_than("device_code; DROP TABLE device_code", 0);
              }).kind == util::ErrorKind::data);
    });
}

TEST_CASE(
    "the newest tokens come with the validity of their client, those without either are left out") {
    on_every_store([](StoreCase& c) {
        c.iam.use_client(c.iam.client({.validity_seconds = 600}));
        c.iam.access_token({.expiration = k_live});
        c.iam.access_token({});
        c.iam.use_client(c.iam.client({.validity_seconds = std::nullopt}));
        c.iam.access_token({.expiration = k_live});
        c.iam.use_client(c.iam.client({.validity_seconds = 3600}));
        c.iam.access_token({.expiration = k_expired});
        c.iam.flush();
        const auto tokens = c.store.newest_tokens();
        REQUIRE(tokens.size() == 2);
        CHECK(tokens[0].expiration == k_expired);
        CHECK(tokens[0].validity_seconds == 3600);
        CHECK(tokens[1].expiration == k_live);
        CHECK(tokens[1].validity_seconds == 600);
    });
}

TEST_CASE("the database's clock is the session's wall clock and UNIX time of one moment") {
    on_one_store_per_backend([](StoreCase& c) {
        const gc::DatabaseClock clock = c.store.clock();
        const auto wall =
            std::chrono::floor<std::chrono::milliseconds>(clock.now).time_since_epoch();
        CHECK(wall.count() == clock.unix_milliseconds);
        const auto here = std::chrono::system_clock::now().time_since_epoch();
        CHECK(std::chrono::abs(here - wall) < std::chrono::seconds{5});
    });
}

TEST_CASE(
    "the safe point of holders is the newest one that exists among what had expired by then") {
    on_every_store([](StoreCase& c) {
        CHECK_FALSE(c.store.holder_safe_point(k_cutoff));
        const gc::Id by_device = c.iam.holder();
        const gc::Id by_code = c.iam.holder();
        const gc::Id by_token = c.iam.holder();
        const gc::Id young = c.iam.holder();
        c.iam.access_token({.expiration = k_live, .holder = young});
        c.iam.access_token({.expiration = std::nullopt, .holder = young});
        c.iam.flush();
        CHECK_FALSE(c.store.holder_safe_point(k_cutoff));
        c.iam.device_code({.expiration = k_cutoff, .holder = by_device});
        c.iam.flush();
        CHECK(c.store.holder_safe_point(k_cutoff) == by_device);
        CHECK_FALSE(c.store.holder_safe_point(k_cutoff - std::chrono::seconds{1}));
        c.iam.authorization_code(k_expired, by_code);
        c.iam.flush();
        CHECK(c.store.holder_safe_point(k_cutoff) == by_code);
        c.iam.access_token({.expiration = k_expired, .holder = by_token});
        c.iam.access_token({.expiration = k_live, .holder = by_token});
        if (!c.catalog.has_foreign_key("access_token", "auth_holder_id")) {
            c.iam.access_token({.expiration = k_expired, .holder = 900'000});
        }
        c.iam.flush();
        CHECK(c.store.holder_safe_point(k_cutoff) == by_token);
    });
}

TEST_CASE("a safe point is found behind pages of rows that prove nothing") {
    on_one_store_per_backend([](StoreCase& c) {
        const gc::Id old = c.iam.holder({.scopes = {},
                                         .authorities = 0,
                                         .extensions = 0,
                                         .parameters = 0,
                                         .resources = 0,
                                         .response_types = 0});
        const gc::Id shared = c.iam.holder({});
        c.iam.access_token({.expiration = k_expired, .holder = old, .scopes = {}});
        for (int i = 0; i < 2500; ++i) {
            c.iam.access_token({.expiration = k_live, .holder = shared, .scopes = {}});
        }
        c.iam.flush();
        CHECK(c.store.holder_safe_point(k_cutoff) == old);
    });
}

TEST_CASE(
    "the safe point of user authentications is the newest that exists among old enough holders") {
    on_every_store([](StoreCase& c) {
        const gc::Id first = c.iam.user_auth();
        const gc::Id second = c.iam.user_auth();
        const gc::Id third = c.iam.user_auth();
        const gc::Id young = c.iam.user_auth();
        c.iam.holder({.user_auth = second});
        if (!c.catalog.has_foreign_key("authentication_holder", "user_auth_id")) {
            c.iam.holder({.user_auth = 900'000});
        }
        const gc::Id holder = c.iam.holder({.user_auth = first});
        c.iam.holder({.user_auth = third});
        c.iam.holder({.user_auth = young});
        c.iam.flush();
        CHECK(c.store.user_auth_safe_point(holder) == second);
        CHECK(c.store.user_auth_safe_point(holder + 1) == third);
        CHECK_FALSE(c.store.user_auth_safe_point(0));
    });
}
