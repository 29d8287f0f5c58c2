// SPDX-License-Identifier: Apache-2.0
// The oracle is judged here by rows written by hand, without the program.
#include "support/oracle.hpp"
#include "support/edge_cases.hpp"
#include "support/population.hpp"
#include "support/workbench.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

std::vector<test::Ground> sqlite_grounds() {
    std::vector<test::Ground> grounds = test::grounds();
    std::erase_if(grounds, [](const test::Ground& ground) {
        return ground.shape.backend.dialect != db::Dialect::sqlite;
    });
    return grounds;
}

test::Ground sqlite_ground(const std::string& name) {
    return {.shape = {.backend = {.name = "sqlite", .dialect = db::Dialect::sqlite}, .name = name}};
}

std::size_t rows_of(const test::Oracle& oracle, const std::string& table) {
    return oracle.expected().at(table).rows.size();
}

TEST_CASE("the oracle agrees with the fate that every edge case names") {
    for (const test::Ground& ground : sqlite_grounds()) {
        for (const test::EdgeCase& edge_case : test::edge_cases()) {
            test::Workbench& bench = test::clear_workbench(ground);
            if (!edge_case.possible_in(bench.catalog())) {
                continue;
            }
            CAPTURE(ground.text());
            CAPTURE(std::string(edge_case.name));
            const util::TimePoint now = test::database_now(bench.connection());
            test::IamWriter writer(bench.connection(), bench.catalog());
            test::Scene scene(writer, now);
            edge_case.write(scene);
            writer.flush();
            test::Snapshot expected = test::take_snapshot(bench.connection(), bench.catalog());
            scene.apply(expected);
            const test::Oracle oracle(bench.connection(), bench.catalog(), {.now = now});
            CHECK(test::difference(expected, oracle.expected()) == "");
        }
    }
}

TEST_CASE("the oracle counts an expired token, its holder, its user and what hangs below them") {
    test::Workbench& bench = test::clear_workbench(sqlite_ground("iam"));
    const util::TimePoint now = test::database_now(bench.connection());
    test::IamWriter writer(bench.connection(), bench.catalog());
    test::Scene scene(writer, now);
    const test::Login login = scene.login();
    writer.access_token({.expiration = scene.at.expired(),
                         .holder = login.holder,
                         .scopes = {"openid", "profile", "email"}});
    writer.access_token({.expiration = scene.at.live(), .holder = scene.login().holder});
    writer.flush();

    const test::Oracle oracle(bench.connection(), bench.catalog(), {.now = now});
    CHECK(oracle.removed() == 3);
    CHECK(oracle.counts().at("access_token").satellites.at("token_scope") == 3);
    CHECK(oracle.counts().at("authentication_holder").satellites.size() == 6);
    CHECK(oracle.counts().at("saved_user_auth").satellites.at("saved_user_auth_info") == 2);
    CHECK(oracle.holder_safe_point() == login.holder);
    CHECK(oracle.user_auth_safe_point() == login.user_auth);
    CHECK(rows_of(oracle, "access_token") == 1);
    CHECK(rows_of(oracle, "authentication_holder") == 1);
    CHECK(rows_of(oracle, "saved_user_auth_info") == 2);
}

TEST_CASE("the oracle leaves a target that is switched off and everything it refers to") {
    test::Workbench& bench = test::clear_workbench(sqlite_ground("iam"));
    const util::TimePoint now = test::database_now(bench.connection());
    test::IamWriter writer(bench.connection(), bench.catalog());
    test::Scene scene(writer, now);
    const test::Login login = scene.login();
    const gc::Id refresh_token = writer.refresh_token(scene.at.expired(), login.holder);
    writer.access_token(
        {.expiration = scene.at.expired(), .holder = login.holder, .refresh_token = refresh_token});
    writer.flush();

    const test::Oracle without_access_tokens(bench.connection(), bench.catalog(),
                                             {.now = now, .switched_off = {"access_token"}});
    CHECK(without_access_tokens.removed() == 0);
    const test::Oracle without_holders(bench.connection(), bench.catalog(),
                                       {.now = now, .switched_off = {"authentication_holder"}});
    CHECK(without_holders.removed() == 2);
    CHECK(rows_of(without_holders, "authentication_holder") == 1);
    CHECK(rows_of(without_holders, "saved_user_auth") == 1);
}

TEST_CASE("the oracle moves with grace and margin") {
    test::Workbench& bench = test::clear_workbench(sqlite_ground("iam"));
    const util::TimePoint now = test::database_now(bench.connection());
    test::IamWriter writer(bench.connection(), bench.catalog());
    test::Scene scene(writer, now);
    writer.access_token({.expiration = scene.at.in_grace(), .holder = scene.login().holder});
    writer.flush();

    const auto removed = [&](std::chrono::minutes grace, std::chrono::minutes margin) {
        const test::OracleSettings settings{.now = now, .grace = grace, .margin = margin};
        return test::Oracle(bench.connection(), bench.catalog(), settings).removed();
    };
    using std::chrono::minutes;
    CHECK(removed(minutes{60}, minutes{10}) == 0);
    CHECK(removed(minutes{30}, minutes{40}) == 1);
    CHECK(removed(minutes{30}, minutes{30}) == 3);
}

TEST_CASE("the same seed fills a database with the same rows") {
    test::Workbench& bench = test::clear_workbench(sqlite_ground("mitreid"));
    const util::TimePoint now = test::database_now(bench.connection());
    const auto rows_for = [&](std::uint64_t seed) {
        bench.clear();
        test::populate(bench.connection(), bench.catalog(), {.seed = seed, .now = now});
        return test::take_snapshot(bench.connection(), bench.catalog());
    };
    const test::Snapshot first = rows_for(1);
    CHECK(test::difference(first, rows_for(1)) == "");
    CHECK(test::difference(first, rows_for(2)) != "");
    CHECK(first.at("access_token").rows.size() > 20);
}

}  // namespace
