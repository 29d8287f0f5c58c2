// SPDX-License-Identifier: Apache-2.0
// How PostgreSQL finds rows by runs of ids (sql/queries/runs.postgresql.sql).
#include "contract/store_case.hpp"
#include "db/queries.hpp"
#include "db/statement_text.hpp"

#include <fmt/format.h>

#include <sstream>

using test::StoreCase;

namespace {

constexpr int k_rows = 20000;

// Statistics that know the tables, and that few of the tokens have expired, make the planner bold.
void fill(StoreCase& c) {
    const std::string rows = fmt::format("FROM generate_series(1, {}) g", k_rows);
    const bool hashed = c.catalog.has_column("access_token", "token_value_hash");
    for (const std::string& into :
         {std::string("INSERT INTO authentication_holder (id) SELECT g "),
          fmt::format(
              "INSERT INTO access_token (id, token_value, {}expiration, auth_holder_id) "
              "SELECT g, 't' || g, {}TIMESTAMP '2026-05-01' + interval '1 minute' * (g - 100), g ",
              hashed ? "token_value_hash, " : "", hashed ? "'h' || g, " : ""),
          std::string("INSERT INTO token_scope (owner_id, scope) SELECT g, 'openid' ")}) {
        c.connection->execute(into + rows);
    }
    for (const char* const table : {"authentication_holder", "access_token", "token_scope"}) {
        c.connection->execute(std::string("ANALYZE ") + table);
    }
}

// As the first executions of a prepared statement, for which the planner looks into the arrays.
std::string plan_of(StoreCase& c, const db::Statement& statement, const test::Ids& ids) {
    std::vector<db::Part> parts = db::array_parts(ids, false);
    std::ranges::move(db::run_parts(ids), std::back_inserter(parts));
    for (db::Part& part : parts) {
        part.text = part.as_rows ? fmt::format("SELECT unnest('{}'::bigint[])", part.array)
                                 : fmt::format("'{}'", part.array);
    }
    parts.push_back({"table", "token_scope"});
    parts.push_back({"owner", "owner_id"});
    std::string sql = db::filled(statement.text(db::Dialect::postgresql), parts);
    if (const std::size_t cutoff = sql.find('?'); cutoff != std::string::npos) {
        sql.replace(cutoff, 1, "TIMESTAMP '2026-05-01'");
    }
    std::string text;
    for (const db::Row& row : c.store.connection().query("EXPLAIN " + sql)) {
        text += row.at(0).value_or("") + "\n";
    }
    return text;
}

// Each way into a table of that plan is an index with both ends of a run.
void check_goes_by_runs(const std::string& plan) {
    CAPTURE(plan);
    std::istringstream lines(plan);
    int found = 0;
    for (std::string line; std::getline(lines, line);) {
        CHECK(line.find("Seq Scan on access_token") == std::string::npos);
        CHECK(line.find("Seq Scan on authentication_holder") == std::string::npos);
        CHECK(line.find("Seq Scan on token_scope") == std::string::npos);
        if (line.find("Index Scan ") != std::string::npos ||
            line.find("Index Only Scan ") != std::string::npos) {
            ++found;
            REQUIRE(std::getline(lines, line));
            CHECK(line.find(">= r") != std::string::npos);
            CHECK(line.find("<= r") != std::string::npos);
        }
    }
    CHECK(found > 0);
}

}  // namespace

TEST_CASE("PostgreSQL goes by the index from each run of ids, however many runs there are") {
    test::on_every_store([](StoreCase& c) {
        if (c.store.connection().dialect() != db::Dialect::postgresql) {
            return;
        }
        fill(c);
        test::Ids scattered;
        for (gc::Id id = 1; id < k_rows; id += 7) {
            scattered.push_back(id);
        }
        for (const db::Statement* const statement :
             {&queries::access_token::registration, &queries::access_token::remove,
              &queries::authentication_holder::referenced, &queries::authentication_holder::remove,
              &queries::satellite::remove}) {
            check_goes_by_runs(plan_of(c, *statement, {5}));
            check_goes_by_runs(plan_of(c, *statement, scattered));
        }
    });
}

TEST_CASE("what is found by runs is what was listed, and nothing between two runs") {
    test::on_every_store([](StoreCase& c) {
        std::vector<gc::Id> holders;
        std::vector<gc::Id> tokens;
        for (int i = 0; i < 9; ++i) {
            holders.push_back(c.iam.holder());
            tokens.push_back(
                c.iam.access_token({.expiration = test::k_expired, .holder = holders.back()}));
        }
        c.iam.flush();
        const test::Ids listed{tokens[0], tokens[1], tokens[2], tokens[4], tokens[7]};
        c.store.begin();
        CHECK(c.store.remove(gc::Target::access_token, listed, test::policy()) == 5);
        CHECK(test::sorted(c.store.existing(gc::Target::access_token, tokens)) ==
              test::sorted({tokens[3], tokens[5], tokens[6], tokens[8]}));
        CHECK(test::sorted(c.store.referenced(gc::Target::authentication_holder, holders)) ==
              test::sorted({holders[3], holders[5], holders[6], holders[8]}));
        const test::Ids orphans{holders[0], holders[1], holders[2], holders[3], holders[7]};
        CHECK(c.store.remove(gc::Target::authentication_holder, orphans, test::policy()) == 4);
        CHECK(c.store.existing(gc::Target::authentication_holder, orphans) ==
              test::Ids{holders[3]});
        c.store.rollback();
    });
}
