// SPDX-License-Identifier: Apache-2.0
// What holds for the edge cases as a whole.
#include "gc/collector.hpp"
#include "gc/plan.hpp"
#include "support/counting_connection.hpp"
#include "support/edge_cases.hpp"
#include "support/population.hpp"
#include "support/runs.hpp"
#include "support/workbench.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace {

std::string text_of(const std::string& file) {
    std::ifstream stream(test::source_dir() / file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// The names in the first column of the tables of edge_cases.md.
std::set<std::string> documented_names() {
    const std::string text = text_of("tests/fixtures/edge_cases.md");
    const std::regex row("\n\\| (`[^|]*)\\|");
    const std::regex name("`([a-z_]+)`");
    std::set<std::string> names;
    for (std::sregex_iterator at(text.begin(), text.end(), row); at != std::sregex_iterator();
         ++at) {
        const std::string cell = (*at)[1];
        for (std::sregex_iterator in(cell.begin(), cell.end(), name); in != std::sregex_iterator();
             ++in) {
            names.insert((*in)[1]);
        }
    }
    return names;
}

TEST_CASE("every documented edge case is written and has a test that carries its name") {
    const std::string tests = text_of("tests/contract/edge_cases_test.cpp");
    std::set<std::string> written;
    for (const test::EdgeCase& each : test::edge_cases()) {
        written.emplace(each.name);
        CAPTURE(std::string(each.name));
        CHECK(tests.find("\"" + std::string(each.name) + ": ") != std::string::npos);
    }
    CHECK(documented_names() == written);
}

TEST_CASE("refused steps name the index that helps, and with the indexes no step is refused") {
    for (const test::Ground& ground : test::grounds()) {
        CAPTURE(ground.text());
        test::Workbench& bench = test::clear_workbench(ground);
        const gc::Plan plan = gc::plan_run(bench.store(), {}, bench.store().schema());
        const bool helped = bench.catalog().has_index("access_token", "refresh_token_id");
        const gc::PlannedTarget& refresh_tokens = plan.of(gc::Target::refresh_token);
        const gc::PlannedTarget& user_auths = plan.of(gc::Target::saved_user_auth);
        CHECK((refresh_tokens.state == gc::TargetState::refused) == !helped);
        CHECK((user_auths.state == gc::TargetState::refused) == !helped);
        if (!helped) {
            REQUIRE(refresh_tokens.remedies.size() == 1);
            REQUIRE(user_auths.remedies.size() == 1);
            bench.connection().execute(refresh_tokens.remedies.front());
            bench.connection().execute(user_auths.remedies.front());
            const auto store = test::open_store(bench.database());
            const gc::Plan second = gc::plan_run(*store, {}, store->schema());
            CHECK(second.of(gc::Target::refresh_token).state == gc::TargetState::planned);
            CHECK(second.of(gc::Target::saved_user_auth).state == gc::TargetState::waiting);
            const bool postgresql = ground.shape.backend.dialect == db::Dialect::postgresql;
            const std::string on_access_token = postgresql ? "" : " ON access_token";
            const std::string on_holder = postgresql ? "" : " ON authentication_holder";
            const bool sqlite = ground.shape.backend.dialect == db::Dialect::sqlite;
            bench.connection().execute("DROP INDEX gc_access_token_refresh_token_id_idx" +
                                       (sqlite ? "" : on_access_token));
            bench.connection().execute("DROP INDEX gc_authentication_holder_user_auth_id_idx" +
                                       (sqlite ? "" : on_holder));
        }
    }
}

TEST_CASE(
    "however large a family of tokens is, no transaction changes more than limits.batch_rows") {
    for (const test::Ground& ground : test::grounds()) {
        CAPTURE(ground.text());
        test::Workbench& bench = test::clear_workbench(ground);
        const util::TimePoint now = test::database_now(bench.connection());
        test::IamWriter writer(bench.connection(), bench.catalog());
        test::Scene scene(writer, now);
        scene.many = 100;
        test::edge_case("refresh_token_with_many_access_tokens").write(scene);
        test::edge_case("many_tokens_same_second").write(scene);
        const gc::Id heavy_user = writer.user_auth({.authorities = 1, .information = 700});
        const gc::Id heavy_holder = writer.holder({.user_auth = heavy_user, .parameters = 1000});
        const gc::Id of_heavy = writer.access_token(
            {.expiration = now - std::chrono::hours{24}, .holder = heavy_holder});
        // So that the holder is old enough: a later holder of a token that expired.
        writer.access_token(
            {.expiration = now - std::chrono::hours{24}, .holder = writer.holder()});
        writer.flush();

        gc::Settings settings;
        settings.limits.batch_size = 20;
        settings.limits.batch_rows = 400;
        auto counting = std::make_unique<test::CountingConnection>(bench.database().connect());
        const test::CountingConnection& count = *counting;
        db::SqlStore store(std::move(counting), [&] { return bench.database().connect(); });
        const gc::RunReport report = test::run_once(store, settings, now);
        CHECK(report.tally.at(gc::Target::access_token).removed == 5 * scene.many + 2);
        CHECK(store.existing(gc::Target::access_token, {of_heavy}).empty());
        CHECK(store.existing(gc::Target::authentication_holder, {heavy_holder}).empty());
        CHECK(count.largest_transaction() <= settings.limits.batch_rows);
    }
}

}  // namespace
