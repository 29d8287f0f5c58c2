// SPDX-License-Identifier: Apache-2.0
// Whether the watch sees a session that waits for us, and what a run does about it.
#include "db/blocking.hpp"
#include "contract/store_case.hpp"
#include "gc/collector.hpp"
#include "gc/plan.hpp"
#include "support/backend.hpp"
#include "support/eventually.hpp"
#include "support/failure.hpp"
#include "support/runs.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using db::BlockingWatch;
using db::Dialect;
using test::eventually;
using test::failure_of;

namespace {

// A session of the server's that wants a row and waits for it.
class Waiter {
public:
    Waiter(const test::Database& database, std::string sql)
        : m_connection(database.connect({.lock_wait_ms = 60'000})),
          m_thread([this, text = std::move(sql)] {
              failure_of([&] { m_connection->execute(text); });
          }) {}
    ~Waiter() { m_thread.join(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

private:
    std::unique_ptr<db::Connection> m_connection;
    std::thread m_thread;
};

void make_sample(db::Connection& connection) {
    connection.execute("CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(10))");
    connection.execute("INSERT INTO sample (id, name) VALUES (1, 'one'), (2, 'two')");
}

std::string hold(int id) {
    return fmt::format("UPDATE sample SET name = 'held' WHERE id = {}", id);
}

// Tells of each statement before it runs, COMMIT included.
class Overheard final : public db::Connection {
public:
    using Listener = std::function<void(std::string_view sql)>;

    Overheard(std::unique_ptr<db::Connection> inner, Listener listener)
        : m_inner(std::move(inner)), m_listener(std::move(listener)) {}

    using Connection::execute;
    using Connection::query;
    db::Rows query(std::string_view sql, std::span<const db::Value> parameters) override {
        m_listener(sql);
        return m_inner->query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const db::Value> parameters) override {
        m_listener(sql);
        return m_inner->execute(sql, parameters);
    }
    void begin() override { m_inner->begin(); }
    void commit() override {
        m_listener("COMMIT");
        m_inner->commit();
    }
    void rollback() noexcept override { m_inner->rollback(); }
    Dialect dialect() const noexcept override { return m_inner->dialect(); }
    std::string server() const override { return m_inner->server(); }
    bool is_mariadb() const noexcept override { return m_inner->is_mariadb(); }
    std::int64_t statements() const noexcept override { return m_inner->statements(); }

private:
    std::unique_ptr<db::Connection> m_inner;
    Listener m_listener;
};

// Tokens that share an expiration; the last of them is the first that a run removes.
gc::Id add_expired(test::StoreCase& c, int tokens) {
    gc::Id last = 0;
    for (int token = 0; token < tokens; ++token) {
        last = c.iam.access_token({.expiration = test::k_expired});
    }
    c.iam.flush();
    return last;
}

// No other target, in batches of that size.
gc::Settings access_tokens_by(std::int64_t batch_size) {
    gc::Settings settings;
    settings.limits.batch_size = batch_size;
    settings.policy.switched_off = {gc::k_targets.begin(), gc::k_targets.end()};
    settings.policy.switched_off.erase(gc::Target::access_token);
    return settings;
}

}  // namespace

TEST_CASE("the watch sees a session that waits for a row of ours") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        BlockingWatch watch([&] { return database.connect(); });
        const auto ours = db::watched(database.connect(), watch);
        make_sample(*ours);
        for (int batch = 0; batch < 2; ++batch) {
            ours->begin();
            ours->execute(hold(1));
            {
                const Waiter waiter(database, hold(1));
                CHECK(eventually([&] { return watch.take_blocked(); }));
                ours->commit();
            }
            watch.take_blocked();
        }
        CHECK(watch.is_able());
    });
}

TEST_CASE("the watch looks at every session of ours that has a transaction open") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        BlockingWatch watch([&] { return database.connect(); });
        const auto first = db::watched(database.connect(), watch);
        const auto second = db::watched(database.connect(), watch);
        make_sample(*first);
        second->begin();
        second->execute(hold(1));
        first->begin();
        first->execute(hold(2));
        first->commit();
        {
            const Waiter waiter(database, hold(1));
            CHECK(eventually([&] { return watch.take_blocked(); }));
            second->commit();
        }
    });
}

TEST_CASE("the watch does not take somebody else's waiting for ours") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        std::atomic<int> looks = 0;
        BlockingWatch watch([&] {
            return std::make_unique<Overheard>(database.connect(), [&](std::string_view sql) {
                looks += sql.find("blocking.waits_for") != std::string_view::npos ? 1 : 0;
            });
        });
        const auto ours = db::watched(database.connect(), watch);
        const auto other = database.connect();
        make_sample(*ours);
        other->begin();
        other->execute(hold(1));
        ours->begin();
        ours->execute(hold(2));
        const Waiter waiter(database, hold(1));
        CHECK(eventually([&] { return looks >= 3; }));
        CHECK_FALSE(watch.take_blocked());
        ours->rollback();
        other->rollback();
    });
}

TEST_CASE("without a transaction the watch opens no session") {
    test::on_every_backend([](const test::Database& database) {
        bool opened = false;
        {
            BlockingWatch watch([&]() -> std::unique_ptr<db::Connection> {
                opened = true;
                return database.connect();
            });
            const auto ours = db::watched(database.connect(), watch);
            ours->query("SELECT 1");
        }
        CHECK_FALSE(opened);
    });
}

TEST_CASE("a watch without the right gives up and leaves the run alone") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const bool mysql = database.dialect() == Dialect::mysql;
        const auto admin = database.connect();
        const std::string name = fmt::format("itgc_blind_{}", getpid());
        admin->execute("CREATE USER " + name);
        std::string url = database.url();
        const std::string before = mysql ? "root@" : "user=postgres";
        url.replace(url.find(before), before.size(), mysql ? name + "@" : "user=" + name);
        if (mysql) {  // without a database of its own it may log in all the same
            url.erase(url.find("localhost/") + 10, url.find('?') - url.find("localhost/") - 10);
        }
        {
            BlockingWatch watch([&] { return db::connect(db::parse_url(url), {}); });
            const auto ours = db::watched(database.connect(), watch);
            make_sample(*ours);
            ours->begin();
            ours->execute(hold(1));
            const Waiter waiter(database, hold(1));
            CHECK(eventually([&] { return !watch.is_able(); }));
            CHECK_FALSE(watch.take_blocked());
            ours->commit();
        }
        admin->execute("DROP USER " + name);
    });
}

TEST_CASE("a watch that cannot connect gives up after some tries") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        int tries = 0;
        BlockingWatch watch([&]() -> std::unique_ptr<db::Connection> {
            ++tries;
            throw util::Error(util::ErrorKind::connection, "too many connections");
        });
        const auto ours = db::watched(database.connect(), watch);
        ours->begin();
        CHECK(eventually([&] { return !watch.is_able(); }));
        ours->rollback();
        CHECK(tries > 1);
        CHECK(tries < 20);
    });
}

TEST_CASE("a run that keeps somebody waiting halves its next batch") {
    test::on_one_store_per_backend([](test::StoreCase& c) {
        if (c.database.dialect() == Dialect::sqlite) {
            return;
        }
        const gc::Id first = add_expired(c, 40);
        bool seen = false;
        int commits = 0;
        BlockingWatch watch([&] { return c.database.connect(); });
        std::optional<Waiter> waiter;
        const auto wait_for_us = [&](std::string_view sql) {
            if (sql == "COMMIT" && ++commits == 1) {
                waiter.emplace(c.database, fmt::format("UPDATE access_token SET expiration = "
                                                       "expiration WHERE id = {}",
                                                       first));
                CHECK(eventually([&] { return seen = watch.take_blocked(); }));
            }
        };
        const auto open = [&]() -> std::unique_ptr<db::Connection> {
            return db::watched(std::make_unique<Overheard>(c.database.connect(), wait_for_us),
                               watch);
        };
        db::SqlStore store(open(), open);
        const gc::Settings settings = access_tokens_by(16);
        gc::Environment environment = test::quick_environment();
        std::vector<std::int64_t> removed{0};
        environment.blocked_others = [&] { return std::exchange(seen, false); };
        environment.progress = [&](const gc::Progress& at) { removed.push_back(at.removed); };
        gc::RunReport report;
        gc::collect(store, gc::plan_run(store, settings, store.schema()), settings, environment,
                    report);
        REQUIRE(removed.size() >= 3);
        CHECK(removed[1] == 16);
        CHECK(removed[2] - removed[1] == 8);
        CHECK(report.blocked_others == 1);
        CHECK(removed.back() == 40);
    });
}
