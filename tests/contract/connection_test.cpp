// SPDX-License-Identifier: Apache-2.0
// What db::Connection promises about values, rows and transactions, on every backend.
#include "db/connection.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

using db::Value;
using test::failure_of;
using test::on_every_backend;
using util::ErrorKind;

namespace {

void create_sample(db::Connection& connection) {
    connection.execute(
        "CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(10000), seen TIMESTAMP NULL)");
}

void add_sample(db::Connection& connection, std::int64_t id, const Value& name = {},
                const Value& seen = {}) {
    connection.execute("INSERT INTO sample (id, name, seen) VALUES (?, ?, ?)",
                       {Value(id), name, seen});
}

std::int64_t count_of_samples(db::Connection& connection) {
    return db::as_integer(connection.query("SELECT count(*) FROM sample").at(0).at(0));
}

std::string literal_list(std::int64_t first, std::int64_t last) {
    std::string list = std::to_string(first);
    for (std::int64_t id = first + 1; id <= last; ++id) {
        list += "," + std::to_string(id);
    }
    return list;
}

}  // namespace

TEST_CASE("NULL, integers and text come back as they were bound") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        const std::string awkward = "it's \"quoted\", \\ and ? and $1 -- /*\n\ttail ";
        add_sample(*connection, std::numeric_limits<std::int64_t>::max(), awkward);
        add_sample(*connection, std::numeric_limits<std::int64_t>::min(), std::string());
        add_sample(*connection, 0, Value());

        const db::Rows rows =
            connection->query("SELECT id, name, seen FROM sample ORDER BY id DESC");
        REQUIRE(rows.size() == 3);
        CHECK(db::as_integer(rows[0][0]) == std::numeric_limits<std::int64_t>::max());
        CHECK(rows[0][1] == awkward);
        CHECK(rows[0][2] == std::nullopt);
        CHECK(rows[1][1] == std::nullopt);
        CHECK(db::as_integer(rows[2][0]) == std::numeric_limits<std::int64_t>::min());
        CHECK(rows[2][1] == "");
    });
}

TEST_CASE("text beyond ASCII and beyond any buffer survives a bound round trip") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        const std::string smile = "caff\xc3\xa8 \xf0\x9f\x98\x80";
        CHECK(connection->query("SELECT ?", {Value(smile)}).at(0).at(0) == smile);
        const std::string large(100'000, 'x');
        CHECK(connection->query("SELECT ?", {Value(large)}).at(0).at(0) == large);
    });
}

TEST_CASE("a cell is the same with and without bound parameters") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        add_sample(*connection, -7, std::string("seven"), std::string("2026-05-01 12:00:00"));
        const std::string sql =
            "SELECT id, name, seen, NULL, count(*) OVER () FROM sample WHERE id = ";
        CHECK(connection->query(sql + "-7") ==
              connection->query(sql + "?", {Value(std::int64_t{-7})}));
    });
}

TEST_CASE("a time is read, compared and returned as UTC text") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        add_sample(*connection, 1, {},
                   std::string("2026-03-29 02:30:00"));  // an hour that Rome does not have
        add_sample(*connection, 2, {}, std::string("2026-05-01 12:00:00"));

        CHECK(connection->query("SELECT seen FROM sample WHERE id = 1").at(0).at(0) ==
              "2026-03-29 02:30:00");
        const db::Rows later = connection->query("SELECT id FROM sample WHERE seen > ?",
                                                 {Value(std::string("2026-05-01 11:59:59"))});
        CHECK(later == db::Rows{{"2"}});
    });
}

TEST_CASE("a question mark in a literal or a comment is text") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        const db::Rows rows =
            connection->query("/* why? */ SELECT '?', ?, 'it''s ?' -- really?\n, ?",
                              {Value(std::string("a")), Value(std::string("b"))});
        CHECK(rows == db::Rows{{"?", "a", "it's ?", "b"}});
        CHECK(connection->query("SELECT '?'") == db::Rows{{"?"}});
    });
}

TEST_CASE("a statement of 100 kB of literal ids works, bound and unbound") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        for (const std::int64_t id : {1, 9'000, 20'000, 20'001}) {
            add_sample(*connection, id, {}, std::string("2026-05-01 12:00:00"));
        }
        const std::string list = literal_list(1, 20'000);
        REQUIRE(list.size() > 100'000);
        CHECK(
            connection->query(fmt::format("SELECT id FROM sample WHERE id IN ({})", list)).size() ==
            3);
        CHECK(connection->execute(
                  fmt::format("DELETE FROM sample WHERE id IN ({}) AND seen < ?", list),
                  {Value(std::string("2026-05-01 12:00:00"))}) == 0);
        CHECK(connection->execute(
                  fmt::format("DELETE FROM sample WHERE id IN ({}) AND seen < ?", list),
                  {Value(std::string("2026-05-01 12:00:01"))}) == 3);
    });
}

TEST_CASE("execute returns the rows of the statement itself, not those of cascades") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect_patiently();
        CHECK(connection->execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)") == 0);
        connection->execute(
            "CREATE TABLE child (id BIGINT PRIMARY KEY, parent_id BIGINT, "
            "FOREIGN KEY (parent_id) REFERENCES parent (id) ON DELETE CASCADE)");
        CHECK(connection->execute("INSERT INTO parent (id) VALUES (1), (2), (3)") == 3);
        CHECK(connection->execute(
                  "INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)") == 3);
        CHECK(connection->execute("DELETE FROM parent WHERE id = ?", {Value(std::int64_t{9})}) ==
              0);
        CHECK(connection->execute("DELETE FROM parent WHERE id <= ?", {Value(std::int64_t{2})}) ==
              2);
        CHECK(connection->query("SELECT id FROM child").empty());
        CHECK(connection->execute("DROP TABLE child") == 0);
    });
}

TEST_CASE("what was committed is there for others, what was rolled back is not") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        const auto other = database.connect();
        create_sample(*connection);

        connection->begin();
        add_sample(*connection, 1);
        connection->commit();
        CHECK(count_of_samples(*other) == 1);

        connection->begin();
        add_sample(*connection, 2);
        connection->rollback();
        CHECK(count_of_samples(*other) == 1);
        CHECK(count_of_samples(*connection) == 1);
    });
}

TEST_CASE("a connection that goes away with an open transaction leaves nothing behind") {
    on_every_backend([](const test::Database& database) {
        const auto other = database.connect();
        create_sample(*other);
        {
            const auto connection = database.connect();
            connection->begin();
            add_sample(*connection, 1);
        }
        CHECK(count_of_samples(*other) == 0);
    });
}

TEST_CASE("rollback without a transaction sends nothing") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        connection->rollback();
        CHECK(connection->statements() == 0);
        connection->begin();
        connection->commit();
        connection->rollback();
        CHECK(connection->statements() == 2);
    });
}

TEST_CASE("every statement counts once, and the set-up of the session does not") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        CHECK(connection->statements() == 0);
        connection->query("SELECT 1");
        connection->query("SELECT ?", {Value(std::int64_t{1})});
        connection->execute("CREATE TABLE sample (id INTEGER)");
        CHECK(connection->statements() == 3);
        failure_of([&] { connection->query("SELECT id FROM absent"); });
        CHECK(connection->statements() == 4);
    });
}

TEST_CASE("a transaction on a server sees what others commit meanwhile") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == db::Dialect::sqlite) {
            return;  // BEGIN IMMEDIATE keeps every other writer out
        }
        const auto connection = database.connect();
        const auto other = database.connect();
        create_sample(*connection);
        connection->begin();
        CHECK(count_of_samples(*connection) == 0);
        add_sample(*other, 1);
        CHECK(count_of_samples(*connection) == 1);
        connection->commit();
    });
}

TEST_CASE("the server is named with its version") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        const std::string server = connection->server();
        const std::string product = server.substr(0, server.find(' '));
        const std::string version = server.substr(server.find(' ') + 1);
        CHECK(version.find_first_not_of("0123456789.") == std::string::npos);
        CHECK(connection->is_mariadb() == (product == "MariaDB"));
        CHECK(connection->dialect() == database.dialect());
        if (database.backend().name == "mariadb") {
            CHECK(product == (std::getenv("ITGC_TEST_MYSQL") == nullptr ? "MariaDB" : "MySQL"));
        }
    });
}

TEST_CASE("a wrong number of parameters is a bug and changes nothing") {
    on_every_backend([](const test::Database& database) {
        const auto connection = database.connect();
        create_sample(*connection);
        add_sample(*connection, 1);
        const Value one(std::int64_t{1});
        CHECK(failure_of([&] {
                  connection->execute("DELETE FROM sample WHERE id = ? OR id = ?", {one});
              }).kind == ErrorKind::software);
        CHECK(failure_of([&] {
                  connection->execute("DELETE FROM sample WHERE id = ?", {one, one});
              }).kind == ErrorKind::software);
        CHECK(count_of_samples(*connection) == 1);
    });
}
