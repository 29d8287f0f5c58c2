// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace test {

// A database server the tests run against.
struct Backend {
    std::string name{};  // sqlite, mariadb, postgresql or mysql
    db::Dialect dialect = db::Dialect::sqlite;
};

// SQLite, MariaDB and PostgreSQL, and MySQL when ITGC_TEST_MYSQL_URL names one. Throws
// std::runtime_error when the URL of a server is missing, because a test that is silently left out
// proves nothing. ITGC_TEST_BACKENDS
// ("sqlite,mariadb") leaves some out on purpose, for quick work.
std::vector<Backend> backends();

// A schema of tests/fixtures on a backend: "V62", "V81", "V92", "V96", "V101", "V108", "V121" on
// MariaDB and MySQL, "mitreid" and "iam" on the others.
struct Shape {
    Backend backend{};
    std::string name{};

    // "mariadb V96", for SUBCASE and messages.
    std::string text() const { return backend.name + " " + name; }
};

// Every shape of backends().
std::vector<Shape> shapes();

// The top of the project: ITGC_TEST_SOURCE_DIR, else the nearest folder upwards that holds
// tests/fixtures.
std::filesystem::path source_dir();

// The statements of a file in which each ends with ';' at the end of a line; throws
// std::runtime_error if there is no such file.
std::vector<std::string> read_statements(const std::filesystem::path& file);

// A fresh, empty database that lives as long as this object. SQLite: a file in a folder of its own.
class Database {
public:
    explicit Database(const Backend& backend);
    // The same with the schema loaded.
    explicit Database(const Shape& shape);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    const Backend& backend() const { return m_backend; }
    db::Dialect dialect() const { return m_backend.dialect; }
    const std::string& url() const { return m_url; }

    std::unique_ptr<db::Connection> connect(const db::SessionOptions& options = {}) const;
    // A session for what makes, changes or drops tables: it waits a minute for a lock that a thread
    // of the server holds.
    std::unique_ptr<db::Connection> connect_patiently() const;

    // Runs the statements of files, given relative to the top of the project.
    void load(const std::vector<std::filesystem::path>& files) const;
    // Loads the shape of that name for this backend.
    void load_schema(std::string_view shape) const;

private:
    Backend m_backend;
    std::filesystem::path m_folder;  // SQLite only
    std::string m_name;              // servers only
    std::string m_url;
};

// Runs the check once per backend, each in a SUBCASE of its own with an empty database.
template <typename Check>
void on_every_backend(const Check& check) {
    for (const Backend& backend : backends()) {
        SUBCASE(backend.name.c_str()) {
            const Database database(backend);
            check(database);
        }
    }
}

// Runs the check once per shape, each in a SUBCASE of its own with the schema loaded.
template <typename Check>
void on_every_shape(const Check& check) {
    for (const Shape& shape : shapes()) {
        SUBCASE(shape.text().c_str()) {
            const Database database(shape);
            check(database, shape);
        }
    }
}

}  // namespace test
