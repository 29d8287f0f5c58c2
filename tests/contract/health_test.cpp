// SPDX-License-Identifier: Apache-2.0
// What the servers say about themselves.
#include "contract/health_case.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <thread>

using db::Dialect;
using gc::Reading;
using gc::Signal;
using test::eventually;
using test::failure_of;
using test::has;
using test::options_for;
using test::Readings;
using test::value_of;

namespace {

// A statement in a thread of its own that waits for a lock of somebody else.
class Waiter {
public:
    Waiter(const test::Database& database, const std::string& sql)
        : m_connection(database.connect({.lock_wait_ms = 30'000})),
          m_thread([this, sql] { failure_of([&] { m_connection->execute(sql); }); }) {}
    ~Waiter() { m_thread.join(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

private:
    std::unique_ptr<db::Connection> m_connection;
    std::thread m_thread;
};

}  // namespace

TEST_CASE("an administrator can read every signal that the server has, and no other is named") {
    const std::map<Dialect, std::set<Signal>> expected{
        {Dialect::mysql, {Signal::sessions, Signal::history_list}},
        {Dialect::postgresql, {Signal::sessions, Signal::xmin_age, Signal::dead_rows}}};
    test::on_every_backend([&](const test::Database& database) {
        const auto health = db::make_health(options_for(database.url()));
        if (database.dialect() == Dialect::sqlite) {
            CHECK(health == nullptr);
            return;
        }
        for (int look = 0; look < 2; ++look) {
            const Readings readings = health->read();
            for (const Reading& reading : readings) {
                CAPTURE(gc::name(reading.signal));
                CAPTURE(reading.detail);
                CHECK(expected.at(database.dialect()).contains(reading.signal));
                REQUIRE(reading.value);
                CHECK(*reading.value >= 0);
            }
            CHECK(readings.size() == expected.at(database.dialect()).size());
        }
    });
}

TEST_CASE("nothing is read when no signal is wanted, and only what is wanted") {
    test::on_every_backend([](const test::Database& database) {
        db::HealthOptions options = options_for(database.url());
        options.signals.clear();
        CHECK(db::make_health(options) == nullptr);
        options.signals = {Signal::sessions};
        if (const auto health = db::make_health(options)) {
            const Readings readings = health->read();
            CHECK(readings.size() == 1);
            CHECK(has(readings, Signal::sessions));
        }
    });
}

TEST_CASE("a session at work is counted, the one that asks and idle ones are not") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const auto health = db::make_health(options_for(database.url()));
        const auto holder = database.connect();
        holder->execute("CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(10))");
        holder->execute("INSERT INTO sample (id, name) VALUES (1, 'one')");
        const auto sessions = [&] { return value_of(health->read(), Signal::sessions); };
        // MySQL counts its own scheduler of events.
        const bool is_mysql = database.dialect() == Dialect::mysql && !holder->is_mariadb();
        const double idle = is_mysql ? 1 : 0;
        CHECK(eventually([&] { return sessions() == idle; }));
        holder->begin();
        holder->execute("UPDATE sample SET name = 'held' WHERE id = 1");
        {
            const Waiter waiter(database, "UPDATE sample SET name = 'mine' WHERE id = 1");
            CHECK(eventually([&] { return sessions() == idle + 1; }));
            holder->rollback();
        }
        CHECK(eventually([&] { return sessions() == idle; }));
    });
}

TEST_CASE("a snapshot that somebody keeps makes the age grow with each transaction") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        const auto health = db::make_health(options_for(database.url()));
        const auto keeper = database.connect();
        const auto writer = database.connect();
        writer->execute("CREATE TABLE sample (id BIGINT PRIMARY KEY)");
        keeper->execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        keeper->query("SELECT id FROM sample");
        const auto age = [&] { return value_of(health->read(), Signal::xmin_age).value_or(-1); };
        // Others may keep older ones for a while, so only the least that is sure is asked for.
        for (int id = 0; id < 60; ++id) {
            CHECK(age() >= id);
            writer->execute(fmt::format("INSERT INTO sample VALUES ({})", id));
        }
        CHECK(age() >= 60);
        keeper->execute("ROLLBACK");
    });
}

TEST_CASE("rows that were removed and not vacuumed are counted in the token tables alone") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        const auto health = db::make_health(options_for(database.url()));
        const auto writer = database.connect();
        const auto dead_rows = [&] {
            writer->execute("SELECT pg_stat_force_next_flush()");
            writer->query("SELECT 1");
            return value_of(health->read(), Signal::dead_rows);
        };
        for (const std::string table : {"access_token", "other"}) {
            writer->execute(
                fmt::format("CREATE TABLE {} (id BIGINT PRIMARY KEY) WITH "
                            "(autovacuum_enabled = false)",
                            table));
            writer->execute(fmt::format("INSERT INTO {} SELECT generate_series(1, 500)", table));
        }
        writer->execute("DELETE FROM other");
        writer->execute("DELETE FROM access_token WHERE id <= 300");
        CHECK(eventually([&] { return dead_rows() == 300.0; }));
    });
}
