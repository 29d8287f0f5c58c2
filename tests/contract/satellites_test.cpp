// SPDX-License-Identifier: Apache-2.0
// Satellites: how many there are, and what their removal locks and leaves.
#include "contract/store_case.hpp"
#include "support/failure.hpp"

#include <fmt/format.h>

#include <algorithm>

using gc::Target;
using test::Ids;
using test::on_every_store;
using test::policy;
using test::StoreCase;

namespace {

// The column that says something, of those whose names are not that of the table.
std::string_view column_of(const gc::Satellite& satellite) {
    const std::string_view kind =
        satellite.table.substr(std::string_view("authentication_holder_").size());
    return kind == "request_parameter" ? "param" : kind;
}

}  // namespace

TEST_CASE("satellites are counted table by table") {
    on_every_store([](StoreCase& c) {
        const gc::Id first = c.iam.holder({.scopes = {"a", "b"}, .extensions = 3});
        const gc::Id second = c.iam.holder({.scopes = {"a"}, .extensions = 1});
        c.iam.holder({.scopes = {"a"}, .extensions = 5});
        c.iam.flush();
        const auto all = gc::satellites_of(Target::authentication_holder);
        const std::vector<gc::Satellite> satellites(all.begin(), all.end());
        const auto rows = c.store.satellite_rows(satellites, {first, second}, 1000);
        REQUIRE(rows.size() == satellites.size());
        for (std::size_t i = 0; i < satellites.size(); ++i) {
            CAPTURE(satellites[i].table);
            CHECK(rows[i] == c.store.count_satellites(satellites[i], {first, second}));
        }
        CHECK(rows[0] == 3);
        CHECK(rows[2] == 4);
    });
}

// That a holder is locked first is what makes the count of its satellites that of the rows which go
// with it: a session that would give it another one has to wait, and then finds no holder.
TEST_CASE("satellites left to a foreign key are of locked owners, and as many as were counted") {
    on_every_store([](StoreCase& c) {
        const auto all = gc::satellites_of(Target::authentication_holder);
        const auto left_to_key =
            std::ranges::count_if(all, [&](const auto& one) { return c.store.cascades(one); });
        const bool has_keys = c.store.schema().has_foreign_key(all.front().table, "owner_id");
        CHECK(left_to_key == (c.connection->dialect() == db::Dialect::mysql && has_keys ? 6 : 0));
        CHECK_FALSE(c.store.cascades(gc::satellites_of(Target::saved_user_auth).front()));
        if (left_to_key == 0) {
            return;
        }
        const gc::Id before = c.iam.holder({});
        const gc::Id gone = c.iam.holder({.scopes = {"a", "b"}});
        const gc::Id behind = c.iam.holder({});
        c.iam.flush();
        c.store.begin();
        CHECK(c.store.lock(Target::authentication_holder, {gone}).size() == 1);
        std::vector<std::int64_t> rows;
        for (const gc::Satellite& satellite : all) {
            CAPTURE(satellite.table);
            const std::string row = fmt::format("INSERT INTO {} (owner_id, {}) VALUES ({}, 'x')",
                                                satellite.table, column_of(satellite), gone);
            CHECK(test::failure_of([&] { c.connection->execute(row); }).kind ==
                  util::ErrorKind::transient);
            rows.push_back(c.count(satellite.table) - c.store.count_satellites(satellite, {gone}));
        }
        CHECK(c.store.remove(Target::authentication_holder, {gone}, policy()) == 1);
        db::SqlStore other(c.database.connect(), {});
        other.begin();
        for (const gc::Satellite& satellite : all) {
            CHECK(other.remove_satellites(satellite, {before, behind}) == 2);
        }
        other.rollback();
        c.store.commit();
        for (std::size_t i = 0; i < all.size(); ++i) {
            CAPTURE(all[i].table);
            CHECK(c.count(all[i].table) == rows[i]);
        }
    });
}

TEST_CASE("a removal of satellites locks none of other owners, however few of its own have any") {
    on_every_store([](StoreCase& c) {
        if (c.connection->dialect() == db::Dialect::sqlite) {
            return;  // where a writer locks out everybody
        }
        Ids holders;
        for (int i = 0; i < 14; ++i) {
            holders.push_back(c.iam.holder({.extensions = i == 3 || i == 12 ? 1 : 0}));
        }
        c.iam.flush();
        const auto all = gc::satellites_of(Target::authentication_holder);
        const auto extension =
            std::ranges::find(all, "authentication_holder_extension", &gc::Satellite::table);
        REQUIRE(extension != all.end());
        c.store.begin();
        CHECK(c.store.remove_satellites(*extension, Ids(holders.begin(), holders.begin() + 12)) ==
              1);
        db::SqlStore other(c.database.connect(), {});
        other.begin();
        CHECK(other.remove_satellites(*extension, {holders[12]}) == 1);
        other.rollback();
        c.store.rollback();
    });
}
