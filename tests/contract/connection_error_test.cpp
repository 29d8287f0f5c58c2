// SPDX-License-Identifier: Apache-2.0
// Every kind of failure a server can give, provoked; which number or exception belongs to which
// kind is in driver-notes.md.
#include "db/connection.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

using db::Dialect;
using db::Value;
using test::Failure;
using test::failure_of;
using test::on_every_backend;
using util::ErrorKind;

namespace {

void create_sample(db::Connection& connection) {
    connection.execute(
        "CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(100), secret VARCHAR(100))");
    connection.execute("INSERT INTO sample (id, name) VALUES (1, 'one'), (2, 'two')");
}

// A session that another one has killed; nothing for SQLite, which has no sessions.
std::unique_ptr<db::Connection> session_to_kill(const test::Database& database) {
    return database.dialect() == Dialect::sqlite ? nullptr : database.connect();
}

void kill(const test::Database& database, db::Connection& victim) {
    const bool is_mysql = database.dialect() == Dialect::mysql;
    const std::int64_t id = db::as_integer(
        victim.query(is_mysql ? "SELECT connection_id()" : "SELECT pg_backend_pid()").at(0).at(0));
    const auto other = database.connect();
    if (is_mysql) {
        other->execute(fmt::format("KILL {}", id));
    } else {
        other->query(fmt::format("SELECT pg_terminate_backend({}, 5000)", id));
    }
}

// An account without any right but those given, which lives as long as this object.
class Account {
public:
    explicit Account(const test::Database& database)
        : m_is_mysql(database.dialect() == Dialect::mysql),
          m_owner(database.connect()),
          m_url(database.url()) {
        m_owner->execute(m_is_mysql
                             ? fmt::format("CREATE USER {} IDENTIFIED BY '{}'", quoted(), password)
                             : fmt::format("CREATE USER {} PASSWORD '{}'", quoted(), password));
    }
    ~Account() {
        failure_of([&] {
            if (!m_is_mysql) {
                m_owner->execute(fmt::format("DROP OWNED BY {}", quoted()));
            }
            m_owner->execute(fmt::format("DROP USER {}", quoted()));
        });
    }
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    void grant(const std::string& rights) {
        m_owner->execute(fmt::format("GRANT {} TO {}", rights, quoted()));
    }

    db::Address address() const {
        db::Address address = db::parse_url(m_url);
        address.user = name;
        address.password = password;
        const auto user = address.uri.find("user=postgres");
        if (user != std::string::npos) {
            address.uri.replace(user, std::string("user=postgres").size(),
                                fmt::format("user={}", name));
        }
        return address;
    }

private:
    static constexpr const char* name = "itgc_limited";
    static constexpr const char* password = "open-sesame";

    std::string quoted() const {
        return m_is_mysql ? fmt::format("'{}'@'%'", name) : std::string(name);
    }

    bool m_is_mysql = false;
    std::unique_ptr<db::Connection> m_owner;
    std::string m_url;
};

}  // namespace

TEST_CASE(
    "an unknown table or column is another schema, and the message names statement and address") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        const Failure table = failure_of([&] {
            connection->query("/* iam-token-gc sample.find */ SELECT id FROM absent WHERE id = ?",
                              {Value(std::string("8472"))});
        });
        CHECK(table.kind == ErrorKind::data);
        CHECK(table.says("iam-token-gc sample.find"));
        CHECK(table.says(db::parse_url(database.url()).text()));
        CHECK(table.says("absent"));
        CHECK_FALSE(table.says("8472"));
        CHECK(failure_of([&] { connection->execute("UPDATE sample SET absent = 1"); }).kind ==
              ErrorKind::data);
    });
}

TEST_CASE("a broken foreign key is a bug of ours") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        connection->execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)");
        connection->execute(
            "CREATE TABLE child (parent_id BIGINT, FOREIGN KEY (parent_id) REFERENCES parent "
            "(id))");
        CHECK(failure_of([&] {
                  connection->execute("INSERT INTO child (parent_id) VALUES (1)");
              }).kind == ErrorKind::software);
    });
}

TEST_CASE("a syntax error is a bug of ours") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;  // has one code for this and for an unknown table
        }
        const auto connection = database.connect();
        CHECK(failure_of([&] { connection->query("SELEKT 1"); }).kind == ErrorKind::software);
    });
}

TEST_CASE("an account without the right gets a permission error, also for a single column") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        create_sample(*database.connect());
        Account account(database);
        account.grant("SELECT (id) ON sample");
        const auto connection = db::connect(account.address(), {});
        CHECK(connection->query("SELECT id FROM sample").size() == 2);

        const Failure column = failure_of([&] { connection->query("SELECT secret FROM sample"); });
        CHECK(column.kind == ErrorKind::permission);
        CHECK(column.says("sql/admin"));
        CHECK_FALSE(column.says("open-sesame"));
        CHECK(failure_of([&] { connection->execute("DELETE FROM sample"); }).kind ==
              ErrorKind::permission);
        CHECK(failure_of([&] { connection->execute("CREATE DATABASE itgc_forbidden"); }).kind ==
              ErrorKind::permission);
    });
}

TEST_CASE("a wrong password is a permission error that does not repeat it") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::mysql) {
            return;  // libpq tells no reason, and the test server trusts everybody
        }
        const Account account(database);
        db::Address address = account.address();
        address.password = "close-sesame";
        const Failure failure = failure_of([&] { db::connect(address, {}); });
        CHECK(failure.kind == ErrorKind::permission);
        CHECK(failure.says("check the user, the password"));
        CHECK_FALSE(failure.says("sesame"));
    });
}

TEST_CASE("rows that a policy hides on PostgreSQL are a permission error, not a smaller table") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        Account account(database);
        const auto owner = database.connect();
        create_sample(*owner);
        account.grant("SELECT, DELETE ON sample");
        owner->execute("ALTER TABLE sample ENABLE ROW LEVEL SECURITY");
        const auto connection = db::connect(account.address(), {});
        CHECK(failure_of([&] { connection->query("SELECT id FROM sample"); }).kind ==
              ErrorKind::permission);
        CHECK(failure_of([&] { connection->execute("DELETE FROM sample"); }).kind ==
              ErrorKind::permission);
        CHECK(owner->query("SELECT id FROM sample").size() == 2);
    });
}

TEST_CASE("a statement that takes too long is ended with a transient error") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect({.statement_timeout_ms = 200});
        const char* endless =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM "
            "n";
        if (database.dialect() == Dialect::mysql) {
            endless =
                "SELECT count(*) FROM information_schema.columns a, information_schema.columns b, "
                "information_schema.columns c WHERE a.table_name <> concat(b.table_name, "
                "c.column_name)";
        }
        CHECK(failure_of([&] { connection->query(endless); }).kind == ErrorKind::transient);
        CHECK(connection->query("SELECT 1") == db::Rows{{"1"}});
    });
}

TEST_CASE("a killed session is a connection error and never comes back by itself") {
    on_every_backend([](const test::Database& database) {
        const auto victim = session_to_kill(database);
        if (!victim) {
            return;
        }
        create_sample(*victim);
        victim->begin();
        victim->execute("DELETE FROM sample WHERE id = 1");
        kill(database, *victim);

        CHECK(failure_of([&] { victim->execute("DELETE FROM sample WHERE id = 2"); }).kind ==
              ErrorKind::connection);
        CHECK(failure_of([&] { victim->execute("DELETE FROM sample WHERE id = 2"); }).kind ==
              ErrorKind::connection);
        victim->rollback();
        CHECK(failure_of([&] { victim->query("SELECT 1"); }).kind == ErrorKind::connection);
        CHECK(failure_of([&] { victim->begin(); }).kind == ErrorKind::connection);
        CHECK(database.connect()->query("SELECT id FROM sample").size() == 2);
    });
}

TEST_CASE("a COMMIT that meets a killed session is a connection error") {
    on_every_backend([](const test::Database& database) {
        const auto victim = session_to_kill(database);
        if (!victim) {
            return;
        }
        create_sample(*victim);
        victim->begin();
        victim->execute("DELETE FROM sample WHERE id = 1");
        kill(database, *victim);
        CHECK(failure_of([&] { victim->commit(); }).kind == ErrorKind::connection);
        victim->rollback();
    });
}

TEST_CASE("PostgreSQL commits no transaction in which a statement failed") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() != Dialect::postgresql) {
            return;
        }
        const auto connection = database.connect();
        create_sample(*connection);
        connection->begin();
        connection->execute("DELETE FROM sample");
        failure_of([&] { connection->query("SELECT absent FROM sample"); });
        CHECK(failure_of([&] { connection->commit(); }).kind == ErrorKind::software);
        CHECK(connection->query("SELECT id FROM sample").size() == 2);
    });
}

TEST_CASE(
    "a server that is not there is a connection error that names the address without password") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const bool is_mysql = database.dialect() == Dialect::mysql;
        for (const std::string& url :
             is_mysql
                 ? std::vector<
                       std::string>{"mysql://me:open-sesame@127.0.0.1:1/iam",
                                    "mysql://me:open-sesame@localhost/iam?socket=/absent/socket"}
                 : std::vector<std::string>{
                       "postgresql://me:open-sesame@127.0.0.1:1/iam",
                       "postgresql:///iam?host=/absent&user=me&password=open-sesame"}) {
            const Failure failure = failure_of([&] { db::connect(db::parse_url(url), {}); });
            CHECK(failure.kind == ErrorKind::connection);
            CHECK(failure.says(db::parse_url(url).text()));
            CHECK_FALSE(failure.says("sesame"));
        }
    });
}

TEST_CASE("a read-only session refuses to write with a permission error") {
    on_every_backend([](const test::Database& database) {
        create_sample(*database.connect());
        const auto connection = database.connect({.read_only = true});
        CHECK(connection->query("SELECT id FROM sample").size() == 2);
        CHECK(failure_of([&] { connection->execute("DELETE FROM sample"); }).kind ==
              ErrorKind::permission);
        const Failure in_transaction = failure_of([&] {
            connection->begin();
            connection->execute("DELETE FROM sample");
        });
        CHECK(in_transaction.kind == ErrorKind::permission);
        connection->rollback();
        CHECK(connection->query("SELECT id FROM sample").size() == 2);
    });
}

TEST_CASE("a missing SQLite file is a connection error and is not created") {
    const test::Database database({.name = "sqlite", .dialect = Dialect::sqlite});
    const std::string absent = db::parse_url(database.url()).database + ".absent";
    const Failure failure =
        failure_of([&] { db::connect(db::parse_url("sqlite://" + absent), {}); });
    CHECK(failure.kind == ErrorKind::connection);
    CHECK(failure.says(fmt::format("database file {} does not exist", absent)));
    CHECK_FALSE(std::filesystem::exists(absent));
}

TEST_CASE("a file that is no SQLite database is not for this program") {
    const test::Database database({.name = "sqlite", .dialect = Dialect::sqlite});
    const std::string file = db::parse_url(database.url()).database;
    std::ofstream(file) << std::string(8192, 'x');
    CHECK(failure_of([&] { database.connect(); }).kind == ErrorKind::data);
}
