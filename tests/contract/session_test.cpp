// SPDX-License-Identifier: Apache-2.0
// The session settings that db::connect promises, as the server sees them.
#include "db/connection.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

using db::Dialect;
using test::Failure;
using test::failure_of;
using test::on_every_backend;
using util::ErrorKind;

namespace {

std::string setting(db::Connection& connection, const std::string& name) {
    const std::string sql = connection.dialect() == Dialect::mysql
                                ? fmt::format("SHOW SESSION VARIABLES LIKE '{}'", name)
                                : fmt::format("SELECT '{0}', current_setting('{0}')", name);
    return connection.query(sql).at(0).at(1).value_or("");
}

// Sets a variable of the whole server while it lives.
class GlobalVariable {
public:
    GlobalVariable(const test::Database& database, std::string name, const std::string& value)
        : m_connection(database.connect()),
          m_name(std::move(name)),
          m_before(setting(*m_connection, m_name)) {
        m_connection->execute(fmt::format("SET GLOBAL {} = {}", m_name, value));
    }
    ~GlobalVariable() {
        failure_of(
            [&] { m_connection->execute(fmt::format("SET GLOBAL {} = '{}'", m_name, m_before)); });
    }
    GlobalVariable(const GlobalVariable&) = delete;
    GlobalVariable& operator=(const GlobalVariable&) = delete;

private:
    std::unique_ptr<db::Connection> m_connection;
    std::string m_name;
    std::string m_before;
};

}  // namespace

TEST_CASE("a MySQL session has fixed modes whatever the server's defaults are") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::mysql) {
            return;
        }
        const GlobalVariable mode(database, "sql_mode", "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'");
        const auto connection = database.connect({.lock_wait_ms = 1200});
        CHECK(setting(*connection, "sql_mode").find("ANSI_QUOTES") == std::string::npos);
        CHECK(setting(*connection, "sql_mode").find("STRICT_TRANS_TABLES") != std::string::npos);
        CHECK(connection->query("SELECT \"it\\'s\"") == db::Rows{{"it's"}});
        CHECK(setting(*connection, "time_zone") == "+00:00");
        CHECK(setting(*connection, "innodb_lock_wait_timeout") == "2");
        CHECK(setting(*connection, "lock_wait_timeout") == "2");
        CHECK(setting(*connection, "autocommit") == "ON");
        CHECK(setting(*connection, "character_set_client") == "utf8mb4");
    });
}

TEST_CASE("a list of thousands of ids stays a range on MySQL") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::mysql) {
            return;
        }
        const auto connection = database.connect();
        connection->execute("CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(10))");
        std::string list = "0";
        std::string rows = "(0, '')";
        for (int id = 1; id < 6000; ++id) {
            list += id < 2000 ? fmt::format(", {}", id) : "";
            rows += fmt::format(", ({}, '')", id);
        }
        connection->execute(fmt::format("INSERT INTO sample VALUES {}", rows));
        const db::Rows plan = connection->query(
            fmt::format("EXPLAIN SELECT id, name FROM sample WHERE id IN ({}) FOR UPDATE", list));
        CHECK(plan.size() == 1);
    });
}

TEST_CASE("a server without foreign key checks is refused") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::mysql) {
            return;
        }
        Failure failure;
        {
            const GlobalVariable checks(database, "foreign_key_checks", "OFF");
            failure = failure_of([&] { database.connect(); });
        }
        CHECK(failure.kind == ErrorKind::config);
        CHECK(failure.says("foreign_key_checks"));
    });
}

TEST_CASE(
    "a PostgreSQL session gives way before the server looks for deadlocks, and tells its name") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        const auto connection = database.connect(
            {.statement_timeout_ms = 7000, .application_name = "iam-token-gc test"});
        CHECK(setting(*connection, "lock_timeout") == "100ms");
        CHECK(setting(*connection, "statement_timeout") == "7s");
        CHECK(setting(*connection, "idle_in_transaction_session_timeout") == "1min");
        CHECK(setting(*connection, "application_name") == "iam-token-gc test");
        CHECK(setting(*connection, "TimeZone") == "UTC");
        CHECK(setting(*connection, "client_encoding") == "UTF8");
        CHECK(setting(*database.connect({.lock_wait_ms = 800}), "lock_timeout") == "800ms");
    });
}

TEST_CASE("PostgreSQL gets the password from a URL, and messages do not") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        const db::Address address = db::parse_url(database.url() + "&password=p%25w%20%26d");
        CHECK(address.password == "p%w &d");
        const auto connection = db::connect(address, {});
        const Failure failure =
            failure_of([&] { connection->query("SELECT 'p%w &d' FROM absent"); });
        CHECK_FALSE(failure.says("p%w &d"));
        CHECK_FALSE(failure.says("p%25w"));
    });
}

TEST_CASE("an offset is the same time zone on every server: east of Greenwich with a plus") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const char* const east = database.dialect() == Dialect::mysql
                                     ? "SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), NOW())"
                                     : "SELECT extract(timezone_minute FROM now()) + 60 * "
                                       "extract(timezone_hour FROM now())";
        const auto minutes_east = [&](const std::string& zone) {
            return database.connect({.time_zone = zone})->query(east).at(0).at(0);
        };
        CHECK(minutes_east("+02:00") == "120");
        CHECK(minutes_east("-05:00") == "-300");
        CHECK(minutes_east("+05:30") == "330");
    });
}

TEST_CASE("PostgreSQL is not given an offset that it would read the other way round") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        for (const char* const zone : {"UTC+2", "GMT-05:00", "CET-1CEST"}) {
            const Failure failure = failure_of([&] { database.connect({.time_zone = zone}); });
            CHECK(failure.kind == ErrorKind::config);
            CHECK(failure.says(zone));
        }
        for (const char* const zone : {"Etc/GMT-2", "America/Port-au-Prince", "UTC", "EST5EDT"}) {
            CHECK_NOTHROW(database.connect({.time_zone = zone}));
        }
    });
}

TEST_CASE("a session has the time zone it was given, and an unknown one is a configuration error") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const std::string name = database.dialect() == Dialect::mysql ? "time_zone" : "TimeZone";
        const std::string zone = database.dialect() == Dialect::mysql ? "+02:00" : "Europe/Rome";
        CHECK(setting(*database.connect({.time_zone = zone}), name) == zone);
        const Failure failure =
            failure_of([&] { database.connect({.time_zone = "Middle/Earth"}); });
        CHECK(failure.kind == ErrorKind::config);
        CHECK(failure.says("Middle/Earth"));
    });
}
