// SPDX-License-Identifier: Apache-2.0
// Who gives way when two sessions want the same rows: always us, at once, with an error that asks
// for a retry.
#include "db/connection.hpp"
#include "support/backend.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using db::Dialect;
using test::Failure;
using test::failure_of;
using test::on_every_backend;
using util::ErrorKind;

namespace {

void create_sample(db::Connection& connection) {
    connection.execute("CREATE TABLE sample (id BIGINT PRIMARY KEY, name VARCHAR(100))");
    connection.execute("INSERT INTO sample (id, name) VALUES (1, 'one'), (2, 'two')");
}

}  // namespace

TEST_CASE("a row another session holds is a transient error at once, and free again later") {
    on_every_backend([](const test::Database& database) {
        const auto holder = database.connect();
        const auto waiter = database.connect();
        create_sample(*holder);
        holder->begin();
        holder->execute("UPDATE sample SET name = 'held' WHERE id = 1");

        const auto touch = [&] {
            waiter->begin();
            waiter->execute("UPDATE sample SET name = 'mine' WHERE id = 1");
            waiter->commit();
        };
        const auto before = std::chrono::steady_clock::now();
        const Failure failure = failure_of(touch);
        const auto waited = std::chrono::steady_clock::now() - before;
        waiter->rollback();
        CHECK(failure.kind == ErrorKind::transient);
        CHECK(waited < std::chrono::milliseconds(1500));

        holder->commit();
        CHECK_FALSE(failure_of(touch).kind);
    });
}

TEST_CASE("SQLite takes its write lock when the transaction begins, not in the middle of a batch") {
    const test::Database database({.name = "sqlite", .dialect = Dialect::sqlite});
    const auto first = database.connect();
    const auto second = database.connect();
    create_sample(*first);
    first->begin();
    CHECK(failure_of([&] { second->begin(); }).kind == ErrorKind::transient);
    CHECK(second->query("SELECT id FROM sample").size() == 2);
    first->rollback();
    CHECK_FALSE(failure_of([&] { second->begin(); }).kind);
}

TEST_CASE("an SQLite COMMIT that a reader blocks is transient and rolled back") {
    const test::Database database({.name = "sqlite", .dialect = Dialect::sqlite});
    const auto writer = database.connect();
    create_sample(*writer);
    const auto reader = database.connect();
    reader->execute("BEGIN");
    reader->query("SELECT id FROM sample");
    writer->begin();
    writer->execute("DELETE FROM sample");
    CHECK(failure_of([&] { writer->commit(); }).kind == ErrorKind::transient);
    reader->execute("ROLLBACK");
    CHECK(writer->query("SELECT id FROM sample").size() == 2);
    writer->begin();
    writer->commit();
}

TEST_CASE("MariaDB does not wait for a row lock at all when told so") {
    on_every_backend([](const test::Database& database) {
        if (database.backend().name != "mariadb") {
            return;
        }
        const auto holder = database.connect();
        if (!holder->is_mariadb()) {
            return;
        }
        const auto waiter = database.connect({.lock_wait_ms = 0});
        create_sample(*holder);
        holder->begin();
        holder->execute("UPDATE sample SET name = 'held' WHERE id = 1");
        const auto before = std::chrono::steady_clock::now();
        CHECK(failure_of([&] { waiter->execute("DELETE FROM sample WHERE id = 1"); }).kind ==
              ErrorKind::transient);
        CHECK(std::chrono::steady_clock::now() - before < std::chrono::milliseconds(500));
    });
}

TEST_CASE("the victim of a deadlock gets a transient error") {
    on_every_backend([](const test::Database& database) {
        if (database.dialect() == Dialect::sqlite) {
            return;
        }
        const auto first = database.connect({.lock_wait_ms = 20'000});
        const auto second = database.connect({.lock_wait_ms = 20'000});
        create_sample(*first);
        if (database.dialect() == Dialect::postgresql) {
            first->execute("SET deadlock_timeout = '10ms'");
            second->execute("SET deadlock_timeout = '10ms'");
        }
        first->begin();
        second->begin();
        first->execute("UPDATE sample SET name = 'a' WHERE id = 1");
        second->execute("UPDATE sample SET name = 'b' WHERE id = 2");

        Failure of_first;
        std::thread thread([&] {
            of_first =
                failure_of([&] { first->execute("UPDATE sample SET name = 'a' WHERE id = 2"); });
            first->rollback();
        });
        const Failure of_second =
            failure_of([&] { second->execute("UPDATE sample SET name = 'b' WHERE id = 1"); });
        second->rollback();
        thread.join();
        CHECK(of_first.kind.has_value() != of_second.kind.has_value());
        CHECK(of_first.kind.value_or(ErrorKind::transient) == ErrorKind::transient);
        CHECK(of_second.kind.value_or(ErrorKind::transient) == ErrorKind::transient);
    });
}
