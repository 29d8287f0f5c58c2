// SPDX-License-Identifier: Apache-2.0
// What a removal takes and what it leaves, whatever was true when the row was scanned.
#include "contract/store_case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

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
using test::StoreCase;

TEST_CASE("a row that expires later than the cut-off outlives its removal") {
    on_every_store([](StoreCase& c) {
        const std::vector<std::pair<Target, Ids>> rows{
            {Target::access_token,
             {c.iam.access_token({.expiration = k_cutoff, .scopes = {}}),
              c.iam.access_token({.expiration = k_live, .scopes = {}}),
              c.iam.access_token({.expiration = std::nullopt, .scopes = {}})}},
            {Target::refresh_token,
             {c.iam.refresh_token(k_cutoff, {}), c.iam.refresh_token(k_live, {}),
              c.iam.refresh_token({}, {})}},
            {Target::authorization_code,
             {c.iam.authorization_code(k_cutoff, {}), c.iam.authorization_code(k_live, {}),
              c.iam.authorization_code({}, {})}},
            {Target::device_code,
             {c.iam.device_code({.expiration = k_cutoff, .scopes = 0, .parameters = 0}),
              c.iam.device_code({.expiration = k_live})}},
            {Target::permission_ticket,
             {c.iam.permission_ticket(k_cutoff, 1), c.iam.permission_ticket(k_live, 1),
              c.iam.permission_ticket({}, 1)}},
        };
        c.iam.flush();
        for (const auto& [target, ids] : rows) {
            CAPTURE(gc::name(target));
            CHECK(c.store.existing(target, ids).size() == ids.size());
            CHECK(c.store.remove(target, ids, policy()) == 1);
            CHECK(test::sorted(c.store.existing(target, ids)) == Ids(ids.begin() + 1, ids.end()));
        }
    });
}

TEST_CASE("a row that something refers to outlives its removal, and so does what refers to it") {
    on_every_store([](StoreCase& c) {
        const test::HolderSpec bare{.scopes = {},
                                    .authorities = 0,
                                    .extensions = 0,
                                    .parameters = 0,
                                    .resources = 0,
                                    .response_types = 0};
        const Ids holders{c.iam.holder(bare), c.iam.holder(bare), c.iam.holder(bare),
                          c.iam.holder(bare), c.iam.holder(bare)};
        const gc::Id refresh = c.iam.refresh_token(k_expired, holders[1]);
        const gc::Id token = c.iam.access_token(
            {.expiration = k_expired, .holder = holders[0], .refresh_token = refresh});
        c.iam.authorization_code(k_expired, holders[2]);
        c.iam.device_code({.expiration = k_expired, .holder = holders[3]});
        const gc::Id unused = c.iam.refresh_token(k_expired, {});
        const Ids users{c.iam.user_auth({.authorities = 0}), c.iam.user_auth({.authorities = 0})};
        c.iam.holder({.user_auth = users[0]});
        const Ids permissions{c.iam.permission({}), c.iam.permission({}), c.iam.permission({})};
        c.iam.grant(token, permissions[0]);
        c.iam.permission_ticket(k_expired, permissions[1]);
        c.iam.flush();

        CHECK(c.store.remove(Target::refresh_token, {refresh, unused}, policy()) == 1);
        CHECK(c.store.existing(Target::refresh_token, {refresh, unused}) == Ids{refresh});
        CHECK(c.store.remove(Target::authentication_holder, holders, policy(holders[4])) == 1);
        CHECK(c.store.existing(Target::authentication_holder, holders).size() == 4);
        CHECK(c.store.existing(Target::authentication_holder, {holders[4]}).empty());
        CHECK(c.store.remove(Target::saved_user_auth, users, policy(users[1])) == 1);
        CHECK(c.store.existing(Target::saved_user_auth, users) == Ids{users[0]});
        CHECK(c.store.remove(Target::permission, permissions, policy()) == 1);
        CHECK(c.store.existing(Target::permission, permissions) ==
              Ids{permissions[0], permissions[1]});
        CHECK(c.count("access_token") == 1);
        CHECK(c.count("authorization_code") == 1);
        CHECK(c.count("device_code") == 1);
    });
}

TEST_CASE("satellites of the owners given are counted and removed, and no others") {
    on_every_store([](StoreCase& c) {
        const gc::Id token = c.iam.access_token({.expiration = k_expired, .scopes = {"a", "b"}});
        c.iam.access_token({.expiration = k_live});
        c.iam.grant(token, c.iam.permission({"read"}));
        c.iam.holder({});
        const gc::Id holder = c.iam.holder({});
        c.iam.user_auth({.information = 2});
        const gc::Id user = c.iam.user_auth({.information = 2});
        c.iam.device_code({.expiration = k_live});
        const gc::Id device = c.iam.device_code({.expiration = k_live});
        c.iam.permission({"read"});
        const gc::Id permission = c.iam.permission({"read", "write"});
        c.iam.flush();
        const std::vector<std::pair<Target, gc::Id>> owners{{Target::access_token, token},
                                                            {Target::authentication_holder, holder},
                                                            {Target::saved_user_auth, user},
                                                            {Target::device_code, device},
                                                            {Target::permission, permission}};
        for (const auto& [target, owner] : owners) {
            for (const gc::Satellite& satellite : gc::satellites_of(target)) {
                if (!c.catalog.has_table(satellite.table)) {
                    continue;
                }
                CAPTURE(satellite.table);
                const std::int64_t before = c.count(satellite.table);
                const std::int64_t rows = c.store.count_satellites(satellite, {owner, 999'999});
                CHECK(rows >= 1);
                CHECK(c.store.remove_satellites(satellite, {owner, 999'999}) == rows);
                CHECK(c.store.count_satellites(satellite, {owner}) == 0);
                CHECK(c.count(satellite.table) == before - rows);
            }
        }
    });
}

TEST_CASE("a heavy owner is named and can be drained in slices") {
    on_every_store([](StoreCase& c) {
        const gc::Id light =
            c.iam.access_token({.expiration = k_expired, .scopes = {"a", "b", "c"}});
        test::Scopes many;
        for (int i = 0; i < 25; ++i) {
            many.push_back(fmt::format("scope-{}", i));
        }
        const gc::Id heavy = c.iam.access_token({.expiration = k_expired, .scopes = many});
        c.iam.flush();
        const gc::Satellite& scopes = gc::satellites_of(Target::access_token).front();
        const auto found = c.store.heavy_owners({scopes}, {light, heavy}, 3);
        REQUIRE(found.size() == 1);
        CHECK(found.front().id == heavy);
        CHECK(found.front().rows == 25);
        const auto rows = [&](const Ids& owners, std::int64_t most) {
            return c.store.satellite_rows({scopes}, owners, most).at(0);
        };
        CHECK(rows({light, heavy}, 100) == 28);
        CHECK(rows({light, heavy}, 28) == 28);
        CHECK(rows({light, heavy}, 10) >= 10);
        CHECK(rows({light}, 10) == 3);
        CHECK(c.store.drain_satellites(scopes, heavy, 10) == 10);
        CHECK(c.store.drain_satellites(scopes, heavy, 10) == 10);
        CHECK(c.store.drain_satellites(scopes, heavy, 10) == 5);
        CHECK(c.store.count_satellites(scopes, {light}) == 3);
    });
}

TEST_CASE(
    "ownerless satellites are found in pages of any size and removed, and none that has an owner") {
    on_every_store([](StoreCase& c) {
        for (const gc::Satellite& satellite : gc::all_satellites()) {
            if (!c.catalog.has_table(satellite.table) ||
                c.catalog.has_foreign_key(satellite.table, satellite.owner_column)) {
                continue;
            }
            CAPTURE(satellite.table);
            c.connection->execute("DELETE FROM " + std::string(satellite.table));
            const bool names_permission = satellite.table == "access_token_permissions";
            const auto content = [&](int i) {
                return names_permission ? db::Value(std::int64_t{i})
                                        : db::Value(fmt::format("x{}", i));
            };
            const auto owner = [&]() -> gc::Id {
                if (satellite.owner_table == "access_token") {
                    return c.iam.access_token({.expiration = k_live, .scopes = {}});
                }
                if (satellite.owner_table == "authentication_holder") {
                    return c.iam.holder({.scopes = {},
                                         .authorities = 0,
                                         .extensions = 0,
                                         .parameters = 0,
                                         .resources = 0,
                                         .response_types = 0});
                }
                if (satellite.owner_table == "saved_user_auth") {
                    return c.iam.user_auth({.authorities = 0});
                }
                return satellite.owner_table == "device_code"
                           ? c.iam.device_code({.expiration = k_live, .scopes = 0, .parameters = 0})
                           : c.iam.permission({});
            };
            const gc::Id living = owner();
            c.iam.satellite(satellite.table, living, content(0));
            const Ids ghosts{700'001, 700'002, 700'003};
            for (const gc::Id ghost : ghosts) {
                for (int i = 0; i < 12; ++i) {
                    c.iam.satellite(satellite.table, ghost, content(i));
                }
            }
            c.iam.flush();
            for (const std::int64_t limit : {1, 2, 50}) {
                CAPTURE(limit);
                Ids found;
                gc::Cursor cursor;
                for (bool done = false; !done;) {
                    const gc::ScanResult page = c.store.scan_ownerless(satellite, cursor, limit);
                    for (const gc::Id id : ids_of(page.candidates)) {
                        found.push_back(id);
                    }
                    cursor = page.next;
                    done = page.done;
                }
                CHECK(found == ghosts);
            }
            CHECK(c.store.remove_ownerless(satellite, {living, ghosts[0], ghosts[1], ghosts[2]}) ==
                  36);
            CHECK(c.count(satellite.table) == 1);
        }
    });
}

TEST_CASE("a server that asks for safe updates does not keep a run from tables without an index") {
    on_one_store_per_backend([](StoreCase& c) {
        if (c.database.dialect() != db::Dialect::mysql) {
            return;
        }
        const gc::Id device = c.iam.device_code({.expiration = k_expired});
        c.iam.satellite("device_code_scope", 700'001, "ghost");
        c.iam.flush();
        c.store.connection().execute("SET SESSION sql_safe_updates = 1");
        const gc::Satellite& scopes = gc::satellites_of(Target::device_code).front();
        REQUIRE(scopes.table == "device_code_scope");
        CHECK(c.store.remove_ownerless(scopes, {700'001}) == 1);
        CHECK(c.store.drain_satellites(scopes, device, 5) == 1);
        CHECK(c.store.remove_satellites(scopes, {device}) == 0);
        c.store.probe_removal("device_code_scope");
        CHECK(c.store.remove(Target::device_code, {device}, policy()) == 1);
    });
}

TEST_CASE("a row without an owner column value is no ownerless satellite") {
    on_one_store_per_backend([](StoreCase& c) {
        const gc::Satellite authority{"saved_user_auth_authority", "owner_id", "saved_user_auth"};
        c.iam.satellite(authority.table, std::nullopt, "ROLE_USER");
        c.iam.flush();
        const gc::ScanResult page = c.store.scan_ownerless(authority, {}, 10);
        CHECK(page.candidates.empty());
        CHECK(page.done);
    });
}

TEST_CASE("revoked hashes and sessions are walked by key and removed only when they are over") {
    on_every_store([](StoreCase& c) {
        for (const Target target : {Target::iam_revoked_at, Target::spring_session}) {
            if (!c.catalog.has_table(gc::name(target))) {
                continue;
            }
            CAPTURE(gc::name(target));
            const bool sessions = target == Target::spring_session;
            const auto row = [&](util::TimePoint time) {
                return sessions ? c.iam.session(time, 2) : c.iam.revoked_hash(time);
            };
            const std::vector<std::string> keys{row(k_cutoff), row(k_live), row(k_expired)};
            c.iam.flush();
            for (const std::int64_t limit : {1, 2, 50}) {
                const auto found = scan_all(c.store, target, policy(), limit);
                REQUIRE(found.size() == 3);
                CHECK(found[0].key == keys[0]);
                CHECK(found[0].expiration == k_cutoff);
                CHECK(found[1].expiration == k_live);
                CHECK(found[2].expiration == k_expired);
            }
            CHECK(c.store.count_key_satellites(target, keys) == (sessions ? 6 : 0));
            CHECK(c.store.remove_key_satellites(target, keys, policy()) == (sessions ? 4 : 0));
            CHECK(c.store.remove_keys(target, keys, policy()) == 2);
            CHECK(c.store.existing_keys(target, keys) == std::vector<std::string>{keys[1]});
            CHECK(c.store.count_key_satellites(target, keys) == (sessions ? 2 : 0));
        }
    });
}

TEST_CASE("a session ends by UNIX time whatever the zone of the database session is") {
    for (const test::Shape& shape : test::shapes()) {
        const bool has_sessions = shape.name == "V121" || shape.name == "iam";
        if (!has_sessions || shape.backend.dialect == db::Dialect::sqlite) {
            continue;
        }
        SUBCASE(shape.text().c_str()) {
            StoreCase c(shape, {.time_zone = "+02:00"});
            const gc::DatabaseClock clock = c.store.clock();
            const util::TimePoint utc{std::chrono::milliseconds(clock.unix_milliseconds)};
            CHECK(std::chrono::abs(clock.now - utc - std::chrono::hours{2}) <
                  std::chrono::milliseconds{2});
            const std::string key = c.iam.session(k_cutoff, 1);
            c.iam.flush();
            const auto found = scan_all(c.store, Target::spring_session, policy(), 10);
            CHECK(found.at(0).expiration == k_cutoff + std::chrono::hours{2});
            gc::Policy before = policy();
            before.cutoff = k_cutoff + std::chrono::hours{2} - std::chrono::milliseconds{1};
            CHECK(c.store.remove_keys(Target::spring_session, {key}, before) == 0);
            before.cutoff = k_cutoff + std::chrono::hours{2};
            CHECK(c.store.remove_keys(Target::spring_session, {key}, before) == 1);
        }
    }
}

TEST_CASE("an empty list asks nothing and changes nothing") {
    on_one_store_per_backend([](StoreCase& c) {
        const std::int64_t before = c.store.connection().statements();
        const gc::Satellite& scopes = gc::all_satellites().front();
        CHECK(c.store.lock(Target::authentication_holder, {}).empty());
        CHECK(c.store.referenced(Target::authentication_holder, {}).empty());
        CHECK(c.store.remove(Target::access_token, {}, policy()) == 0);
        CHECK(c.store.remove_satellites(scopes, {}) == 0);
        CHECK(c.store.remove_keys(Target::iam_revoked_at, {}, policy()) == 0);
        std::vector<gc::Candidate> none;
        c.store.examine(Target::access_token, none, policy());
        CHECK(c.store.connection().statements() == before);
    });
}

TEST_CASE("runs of consecutive rows go while another session holds the rows between and behind") {
    on_every_store([](StoreCase& c) {
        if (c.connection->dialect() == db::Dialect::sqlite) {
            return;  // a writer there holds everything
        }
        Ids expired;
        Ids live;
        for (int i = 0; i < 27; ++i) {
            const bool is_live = i % 9 == 8;
            (is_live ? live : expired)
                .push_back(c.iam.access_token(
                    {.expiration = is_live ? k_live : k_expired, .scopes = {"a", "b"}}));
        }
        // MySQL would read all of a table of which most is listed.
        const std::int64_t others = 300;
        for (std::int64_t i = 0; i < others; ++i) {
            c.iam.access_token({.expiration = k_live, .scopes = {"a", "b"}});
        }
        c.iam.flush();
        const std::string held = fmt::format("({})", fmt::join(live, ","));
        c.connection->begin();
        c.connection->query("SELECT id FROM access_token WHERE id IN " + held + " FOR UPDATE");
        c.connection->query("SELECT owner_id FROM token_scope WHERE owner_id IN " + held +
                            " FOR UPDATE");

        c.store.begin();
        CHECK(c.store.lock(Target::access_token, expired).size() == expired.size());
        CHECK(c.store.remove_satellites(gc::satellites_of(Target::access_token).front(), expired) ==
              48);
        CHECK(c.store.remove(Target::access_token, expired, policy()) == 24);
        c.store.commit();
        c.connection->rollback();
        CHECK(scan_all(c.store, Target::access_token, policy(), 10).empty());
        CHECK(c.store.existing(Target::access_token, live).size() == live.size());
        CHECK(c.count("token_scope") == 6 + 2 * others);
    });
}
