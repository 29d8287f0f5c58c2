// SPDX-License-Identifier: Apache-2.0
// Several sessions of a run that remove access tokens at the same time, on real servers: they leave
// and report what one leaves, and never want the same row.
#include "contract/store_case.hpp"
#include "gc/collector.hpp"
#include "gc/forwarding_store.hpp"
#include "gc/plan.hpp"
#include "support/population.hpp"
#include "support/runs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

using db::Dialect;
using gc::Id;
using gc::Target;

namespace {

// With foreign keys and without, on both servers.
template <typename Check>
void on_stores_of_servers(const Check& check) {
    for (const test::Shape& shape : test::shapes()) {
        const bool chosen = shape.name == "V62" || shape.name == "V108" ||
                            shape.name == "mitreid" || shape.name == "iam";
        if (chosen && shape.backend.dialect != Dialect::sqlite) {
            SUBCASE(shape.text().c_str()) {
                test::StoreCase store_case(shape);
                check(store_case);
            }
        }
    }
}

gc::Settings with_workers(std::int64_t workers, std::int64_t batch_size) {
    gc::Settings settings;
    settings.limits.workers = workers;
    settings.limits.batch_size = batch_size;
    return settings;
}

// A store whose statements wait for locks, so that two of them could wait for each other.
std::unique_ptr<gc::Store> open_patient(const test::Database& database) {
    const auto open = [&database] { return database.connect({.lock_wait_ms = 1000}); };
    return std::make_unique<db::SqlStore>(open(), open);
}

// The session's number on its server, which others can end it by.
std::string session_of(db::SqlStore& store) {
    const bool mysql = store.connection().dialect() == Dialect::mysql;
    return store.connection()
        .query(mysql ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()")
        .at(0)
        .at(0)
        .value_or("");
}

void end_session(db::Connection& connection, const std::string& session) {
    if (connection.dialect() == Dialect::mysql) {
        connection.execute("KILL " + session);
    } else {
        connection.query(fmt::format("SELECT pg_terminate_backend({})", session));
    }
}

// A worker's session that is ended in the middle of its n-th transaction: satellites are gone by
// then, tokens are not.
class EndedStore final : public gc::ForwardingStore {
public:
    EndedStore(std::unique_ptr<db::SqlStore> store, const test::Database& database, int n)
        : ForwardingStore(*store), m_store(std::move(store)), m_admin(database.connect()), m_n(n) {}

    std::int64_t remove(Target target, const std::vector<Id>& ids,
                        const gc::Policy& policy) override {
        if (target == Target::access_token && --m_n == 0) {
            end_session(*m_admin, session_of(*m_store));
        }
        return ForwardingStore::remove(target, ids, policy);
    }

private:
    std::unique_ptr<db::SqlStore> m_store;
    std::unique_ptr<db::Connection> m_admin;
    int m_n;
};

// Expired tokens of a seed: most share a holder with others anywhere among them, a few have none.
std::int64_t add_tangle(test::StoreCase& c, unsigned seed, int tokens) {
    std::mt19937 random(seed);
    std::vector<Id> holders;
    for (int i = 0; i < tokens / 3; ++i) {
        holders.push_back(c.iam.holder({.user_auth = c.iam.user_auth()}));
    }
    for (int i = 0; i < tokens; ++i) {
        std::optional<Id> holder;
        if (random() % 10 != 0) {
            holder = holders[random() % holders.size()];
        }
        c.iam.access_token({.expiration = test::k_expired, .holder = holder});
    }
    c.iam.flush();
    return tokens;
}

std::int64_t ownerless(test::StoreCase& c) {
    std::int64_t rows = 0;
    for (const auto& [table, owner] :
         {std::pair{"token_scope", "access_token"},
          std::pair{"authentication_holder_scope", "authentication_holder"},
          std::pair{"authentication_holder_authority", "authentication_holder"},
          std::pair{"saved_user_auth_authority", "saved_user_auth"}}) {
        rows +=
            db::as_integer(c.connection
                               ->query(fmt::format(
                                   "SELECT COUNT(*) FROM {} s WHERE NOT EXISTS (SELECT 1 FROM {} o "
                                   "WHERE o.id = s.owner_id)",
                                   table, owner))
                               .at(0)
                               .at(0));
    }
    return rows;
}

// Scopes of tokens that are there: a token without them was half removed.
bool every_token_has_its_scope(test::StoreCase& c) {
    return c.connection
        ->query(
            "SELECT id FROM access_token a WHERE NOT EXISTS (SELECT 1 FROM token_scope s WHERE "
            "s.owner_id = a.id)")
        .empty();
}

}  // namespace

TEST_CASE("three workers, which wait for locks, leave and report what one worker does") {
    on_stores_of_servers([](test::StoreCase& c) {
        const util::TimePoint now = test::database_now(*c.connection);
        const auto left_by = [&](std::int64_t workers) {
            test::empty_tables(*c.database.connect_patiently(), c.catalog);
            test::populate(
                *c.connection, c.catalog,
                {.seed = 7, .now = now, .flows = 120, .stray_percent = 30, .flood_tokens = 900});
            const gc::RunReport report = test::run_once(c.store, with_workers(workers, 40), now,
                                                        [&] { return open_patient(c.database); });
            test::Snapshot left = test::take_snapshot(*c.connection, c.catalog);
            // Their keys and moments are others each time they are written.
            for (const char* const table : {"client_details", "iam_revoked_at", "spring_session",
                                            "spring_session_attributes"}) {
                left.erase(table);
            }
            return std::pair(left, test::described(report.tally));
        };
        const auto by_one = left_by(1);
        const auto by_three = left_by(3);
        CHECK(test::difference(by_one.first, by_three.first) == "");
        CHECK(by_one.second == by_three.second);
    });
}

TEST_CASE("workers whose tokens lie among each other never meet a lock of each other") {
    on_stores_of_servers([](test::StoreCase& c) {
        for (unsigned seed = 1; seed <= 3; ++seed) {
            CAPTURE(seed);
            const std::int64_t tokens = add_tangle(c, seed, 900);
            const gc::RunReport report = test::run_once(c.store, with_workers(4, 25), std::nullopt,
                                                        test::worker_opener(c.database));
            CHECK(report.conflicts == 0);
            CHECK(report.reconnects == 0);
            CHECK(report.tally.at(Target::access_token).removed == tokens);
            CHECK(c.count("access_token") == 0);
            CHECK(ownerless(c) == 0);
        }
    });
}

TEST_CASE("a row that somebody holds is left and named by a run with workers, and goes later") {
    on_stores_of_servers([](test::StoreCase& c) {
        const std::int64_t tokens = add_tangle(c, 1, 300);
        const auto holder = c.database.connect();
        const Id held = db::as_integer(
            c.connection->query("SELECT MAX(id) - 20 FROM access_token").at(0).at(0));
        holder->begin();
        holder->query(fmt::format("SELECT id FROM access_token WHERE id = {} FOR UPDATE", held));
        const gc::RunReport first = test::run_once(c.store, with_workers(3, 25), std::nullopt,
                                                   test::worker_opener(c.database));
        CHECK(first.tally.at(Target::access_token).removed == tokens - 1);
        CHECK(first.tally.at(Target::access_token).locked == std::vector<Id>{held});
        CHECK(every_token_has_its_scope(c));
        holder->rollback();
        const gc::RunReport second = test::run_once(c.store, with_workers(3, 25), std::nullopt,
                                                    test::worker_opener(c.database));
        CHECK(second.tally.at(Target::access_token).removed == 1);
        CHECK(c.count("access_token") == 0);
    });
}

TEST_CASE("a worker whose session is ended half-way removes nothing by halves, the run goes on") {
    on_stores_of_servers([](test::StoreCase& c) {
        const std::int64_t tokens = add_tangle(c, 1, 600);
        const gc::RunReport report =
            test::run_once(c.store, with_workers(3, 25), std::nullopt, [&] {
                return std::make_unique<EndedStore>(test::open_store(c.database), c.database, 2);
            });
        CHECK(report.reconnects == 2);
        CHECK(report.warnings.empty());
        CHECK(report.tally.at(Target::access_token).removed == tokens);
        CHECK(report.tally.at(Target::access_token).vanished == 0);
        CHECK(report.tally.at(Target::access_token).satellites.at("token_scope") == tokens);
        CHECK(c.count("access_token") == 0);
        CHECK(ownerless(c) == 0);
    });
}
