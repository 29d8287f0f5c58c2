// SPDX-License-Identifier: Apache-2.0
// What the servers keep from an account without rights, and what cannot be read at all.
#include "contract/health_case.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>

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

}  // namespace

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
        if (database.connect()->is_mariadb()) {
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
        const auto connection = database.connect();
        if (!connection->is_mariadb()) {
            return;
        }
        connection->execute("CHANGE MASTER 'itgc_test' TO MASTER_HOST = 'nowhere.invalid'");
        db::HealthOptions options = options_for(database.url());
        options.replicas = {db::parse_url(database.url())};
        const Readings readings = db::make_health(options)->read();
        connection->execute("RESET SLAVE 'itgc_test' ALL");
        CHECK_FALSE(value_of(readings, Signal::replica_lag));
        CHECK(readings.back().detail == "its replication does not run");
    });
}
