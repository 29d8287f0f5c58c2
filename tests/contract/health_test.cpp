// SPDX-License-Identifier: Apache-2.0
// What the servers say about themselves, and what they keep from an account without rights.
#include "db/health.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

using db::Dialect;
using gc::Reading;
using gc::Signal;
using test::failure_of;

namespace {

using Readings = std::vector<Reading>;

std::set<Signal> all_signals() {
    std::set<Signal> signals;
    for (const gc::SignalInfo& signal : gc::k_signals) {
        signals.insert(signal.signal);
    }
    return signals;
}

db::HealthOptions options_for(const std::string& url) {
    return {.server = db::parse_url(url),
            .signals = all_signals(),
            .connect = [](const db::Address& address) { return db::connect(address, {}); }};
}

std::optional<double> value_of(const Readings& readings, Signal signal) {
    for (const Reading& reading : readings) {
        if (reading.signal == signal) {
            return reading.value;
        }
    }
    return std::nullopt;
}

bool has(const Readings& readings, Signal signal) {
    return std::ranges::any_of(readings,
                               [&](const Reading& reading) { return reading.signal == signal; });
}

// Reads until the condition holds; false after too many tries.
bool eventually(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) {
            return true;
        }
    }
    return false;
}

// An account without any right but to log in; gone with this object.
class PoorAccount {
public:
    explicit PoorAccount(const test::Database& database)
        : m_connection(database.connect()),
          m_postgresql(database.dialect() == Dialect::postgresql),
          m_url(database.url()) {
        m_connection->execute(fmt::format("CREATE USER {}", m_name));
        if (!m_postgresql) {
            const std::string name = m_url.substr(m_url.rfind('/', m_url.find('?')) + 1);
            m_connection->execute(
                fmt::format("GRANT SELECT ON {}.* TO {}", name.substr(0, name.find('?')), m_name));
        }
        const std::string_view before = m_postgresql ? "user=postgres" : "root@";
        m_url.replace(m_url.find(before), before.size(),
                      m_postgresql ? "user=" + m_name : m_name + "@");
    }
    ~PoorAccount() {
        failure_of([&] { m_connection->execute(fmt::format("DROP USER {}", m_name)); });
    }
    PoorAccount(const PoorAccount&) = delete;
    PoorAccount& operator=(const PoorAccount&) = delete;

    const std::string& url() const { return m_url; }

private:
    std::unique_ptr<db::Connection> m_connection;
    bool m_postgresql;
    std::string m_url;
    std::string m_name = fmt::format("itgc_poor_{}", getpid());
};

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
        CHECK(eventually([&] { return sessions() == 0.0; }));
        holder->begin();
        holder->execute("UPDATE sample SET name = 'held' WHERE id = 1");
        {
            const Waiter waiter(database, "UPDATE sample SET name = 'mine' WHERE id = 1");
            CHECK(eventually([&] { return sessions() == 1.0; }));
            holder->rollback();
        }
        CHECK(eventually([&] { return sessions() == 0.0; }));
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
        const double before = age();
        for (int id = 0; id < 20; ++id) {
            writer->execute(fmt::format("INSERT INTO sample VALUES ({})", id));
        }
        CHECK(age() >= before + 20);
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

TEST_CASE("an account without the right gets readings without a value that say so") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const PoorAccount account(database);
        db::HealthOptions options = options_for(account.url());
        options.discover = database.dialect() == Dialect::mysql;
        const auto health = db::make_health(options);
        const Readings readings = health->read();
        const Signal hidden =
            database.dialect() == Dialect::mysql ? Signal::replica_lag : Signal::sessions;
        REQUIRE(has(readings, hidden));
        CHECK_FALSE(value_of(readings, hidden));
        for (const Reading& reading : readings) {
            CHECK((reading.value || !reading.detail.empty()));
        }
        if (database.dialect() == Dialect::mysql && database.backend().name == "mariadb") {
            CHECK(value_of(readings, Signal::history_list));
        }
    });
}

TEST_CASE("a server that cannot be reached is every signal unread, and read again later") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        bool reachable = false;
        db::HealthOptions options = options_for(database.url());
        options.connect = [&](const db::Address& address) {
            if (!reachable) {
                throw util::Error(util::ErrorKind::connection, "no route to host");
            }
            return db::connect(address, {});
        };
        const auto health = db::make_health(options);
        const Readings lost = health->read();
        CHECK(lost.size() >= 3);
        for (const Reading& reading : lost) {
            CHECK_FALSE(reading.value);
            CHECK(reading.detail == "no route to host");
        }
        reachable = true;
        CHECK(value_of(health->read(), Signal::sessions));
    });
}

TEST_CASE("a session of the readings that is killed is opened again") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const bool mysql = database.dialect() == Dialect::mysql;
        std::string session;
        db::HealthOptions options = options_for(database.url());
        options.connect = [&](const db::Address& address) {
            auto connection = db::connect(address, {});
            session =
                connection->query(mysql ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()")
                    .at(0)
                    .at(0)
                    .value_or("");
            return connection;
        };
        const auto health = db::make_health(options);
        CHECK(value_of(health->read(), Signal::sessions));
        const auto killer = database.connect();
        if (mysql) {
            killer->execute("KILL " + session);
        } else {
            killer->query(fmt::format("SELECT pg_terminate_backend({}, 10000)", session));
        }
        CHECK(eventually([&] { return value_of(health->read(), Signal::sessions).has_value(); }));
    });
}

TEST_CASE("a server named as a replica that is none has a lag that cannot be read") {
    test::on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::mysql) {
            return;
        }
        db::HealthOptions options = options_for(database.url());
        options.replicas = {db::parse_url(database.url())};
        const Readings readings = db::make_health(options)->read();
        REQUIRE(has(readings, Signal::replica_lag));
        CHECK_FALSE(value_of(readings, Signal::replica_lag));
        CHECK(readings.back().detail == "it is no replica");
    });
}

TEST_CASE("a replica that is set up and does not run has a lag that cannot be read") {
    test::on_every_backend([](const test::Database& database) {
        if (database.backend().name != "mariadb") {
            return;
        }
        const auto connection = database.connect();
        connection->execute("CHANGE MASTER 'itgc_test' TO MASTER_HOST = 'nowhere.invalid'");
        db::HealthOptions options = options_for(database.url());
        options.replicas = {db::parse_url(database.url())};
        const Readings readings = db::make_health(options)->read();
        connection->execute("RESET SLAVE 'itgc_test' ALL");
        CHECK_FALSE(value_of(readings, Signal::replica_lag));
        CHECK(readings.back().detail == "its replication does not run");
    });
}
