// SPDX-License-Identifier: Apache-2.0
#include "support/backend.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace test {

namespace {

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

std::string url_variable(const Backend& backend) {
    std::string upper = backend.name;
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    return fmt::format("ITGC_TEST_{}_URL", upper);
}

std::vector<std::string> words(const std::string& list) {
    std::vector<std::string> result;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto end = std::min(list.find(',', begin), list.size());
        if (end > begin) {
            result.push_back(list.substr(begin, end - begin));
        }
        begin = end + 1;
    }
    return result;
}

Backend named(const std::string& name) {
    if (name == "sqlite") {
        return {.name = name, .dialect = db::Dialect::sqlite};
    }
    if (name == "postgresql") {
        return {.name = name, .dialect = db::Dialect::postgresql};
    }
    if (name == "mariadb" || name == "mysql") {
        return {.name = name, .dialect = db::Dialect::mysql};
    }
    throw std::runtime_error(fmt::format(
        "ITGC_TEST_BACKENDS names {}; known are sqlite, mariadb, postgresql and mysql", name));
}

std::string server_url(const Backend& backend) {
    const std::string variable = url_variable(backend);
    const std::string url = environment(variable.c_str());
    if (url.empty()) {
        throw std::runtime_error(fmt::format(
            "{} is not set: run the tests through `make test`, which starts the servers, or leave "
            "{} out with ITGC_TEST_BACKENDS",
            variable, backend.name));
    }
    return url;
}

// The URL with another database: what stands between the host's slash and the '?'.
std::string with_database(const std::string& url, const std::string& name) {
    const auto host = url.find("://") + 3;
    const auto query = std::min(url.find('?', host), url.size());
    const auto slash = std::min(url.find('/', host), query);
    return fmt::format("{}/{}{}", url.substr(0, slash), name, url.substr(query));
}

std::string fresh_name() {
    static std::atomic<int> counter = 0;
    return fmt::format("itgc_{}_{}", ::getpid(), ++counter);
}

std::filesystem::path fresh_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "itgc-test.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error(fmt::format("cannot make the folder {}", pattern));
    }
    return pattern;
}

// A session that makes and drops tables. MariaDB's own threads (statistics, purge) hold locks that
// such a statement needs for a moment; the program gives way at once, but a test would fail for
// nothing.
std::unique_ptr<db::Connection> patient(const std::string& url) {
    auto connection = db::connect(db::parse_url(url), {.lock_wait_ms = 60'000});
    if (connection->dialect() == db::Dialect::mysql) {
        connection->execute("SET SESSION lock_wait_timeout = 60");
    }
    return connection;
}

void on_server(const Backend& backend, const std::string& sql) {
    patient(server_url(backend))->execute(sql);
}

const std::vector<std::pair<std::string, std::string>>& mariadb_levels() {
    static const std::vector<std::pair<std::string, std::string>> levels{
        {"V62", "V062.sql"},  {"V81", "V081.sql"},  {"V92", "V092.sql"},  {"V96", "V096.sql"},
        {"V101", "V101.sql"}, {"V108", "V108.sql"}, {"V121", "V121.sql"},
    };
    return levels;
}

std::vector<std::string> shape_names(const Backend& backend) {
    if (backend.dialect != db::Dialect::mysql) {
        return {"mitreid", "iam"};
    }
    std::vector<std::string> names;
    std::ranges::transform(mariadb_levels(), std::back_inserter(names),
                           [](const auto& level) { return level.first; });
    return names;
}

// A MariaDB level is its file and all those before it; what IAM adds to MITREid comes after that.
std::vector<std::filesystem::path> shape_files(const Backend& backend, std::string_view shape) {
    const std::filesystem::path fixtures = "tests/fixtures";
    if (backend.dialect != db::Dialect::mysql) {
        const std::filesystem::path folder = fixtures / backend.name / shape;
        std::vector<std::filesystem::path> files{folder / "1_mitreid.sql"};
        if (shape == "iam") {
            files.push_back(folder / "2_iam.sql");
        }
        return files;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& [name, file] : mariadb_levels()) {
        files.push_back(fixtures / "mariadb" / file);
        if (name == shape) {
            return files;
        }
    }
    throw std::runtime_error(fmt::format("there is no schema {} for {}", shape, backend.name));
}

}  // namespace

std::vector<Backend> backends() {
    std::vector<std::string> names = words(environment("ITGC_TEST_BACKENDS"));
    if (names.empty()) {
        names = {"sqlite", "mariadb", "postgresql"};
        if (!environment("ITGC_TEST_MYSQL_URL").empty()) {
            names.emplace_back("mysql");
        }
    }
    std::vector<Backend> result;
    for (const std::string& name : names) {
        result.push_back(named(name));
        if (result.back().dialect != db::Dialect::sqlite) {
            server_url(result.back());
        }
    }
    return result;
}

std::vector<Shape> shapes() {
    std::vector<Shape> result;
    for (const Backend& backend : backends()) {
        for (const std::string& name : shape_names(backend)) {
            result.push_back({.backend = backend, .name = name});
        }
    }
    return result;
}

std::filesystem::path source_dir() {
    if (const std::string folder = environment("ITGC_TEST_SOURCE_DIR"); !folder.empty()) {
        return folder;
    }
    for (std::filesystem::path folder = std::filesystem::current_path();;
         folder = folder.parent_path()) {
        if (std::filesystem::exists(folder / "tests" / "fixtures")) {
            return folder;
        }
        if (folder == folder.root_path()) {
            throw std::runtime_error(
                "no folder upwards holds tests/fixtures: run the tests through `make test`, or set "
                "ITGC_TEST_SOURCE_DIR to the top of the project");
        }
    }
}

std::vector<std::string> read_statements(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) {
        throw std::runtime_error(fmt::format("cannot read the statements of {}", file.string()));
    }
    std::vector<std::string> statements;
    std::string statement;
    for (std::string line; std::getline(stream, line);) {
        line.erase(line.find_last_not_of(" \t\r") + 1);
        if (line.empty() || line.starts_with("--")) {
            continue;
        }
        statement += line + '\n';
        if (line.ends_with(';')) {
            statement.erase(statement.rfind(';'));
            statements.push_back(std::move(statement));
            statement.clear();
        }
    }
    if (!statement.empty()) {
        throw std::runtime_error(fmt::format("the last statement of {} has no ';'", file.string()));
    }
    return statements;
}

Database::Database(const Backend& backend) : m_backend(backend) {
    if (backend.dialect == db::Dialect::sqlite) {
        m_folder = fresh_folder();
        const std::filesystem::path file = m_folder / "test.db";
        std::ofstream{file};
        m_url = fmt::format("sqlite://{}", file.string());
        return;
    }
    m_name = fresh_name();
    on_server(backend, "CREATE DATABASE " + m_name);
    m_url = with_database(server_url(backend), m_name);
}

Database::Database(const Shape& shape) : Database(shape.backend) {
    load_schema(shape.name);
}

Database::~Database() {
    try {
        if (m_backend.dialect == db::Dialect::sqlite) {
            std::filesystem::remove_all(m_folder);
            return;
        }
        // A session that a test left open must not keep the database alive.
        on_server(m_backend,
                  fmt::format("DROP DATABASE {}{}", m_name,
                              m_backend.dialect == db::Dialect::postgresql ? " WITH (FORCE)" : ""));
    } catch (const std::exception& error) {
        std::cerr << "a test database stays behind: " << error.what() << '\n';
    }
}

std::unique_ptr<db::Connection> Database::connect(const db::SessionOptions& options) const {
    return db::connect(db::parse_url(m_url), options);
}

std::unique_ptr<db::Connection> Database::connect_patiently() const {
    return patient(m_url);
}

void Database::load(const std::vector<std::filesystem::path>& files) const {
    const std::unique_ptr<db::Connection> connection = connect_patiently();
    // One transaction is faster where tables can be made in one; MySQL commits each of them by
    // itself.
    connection->begin();
    for (const std::filesystem::path& file : files) {
        for (const std::string& statement : read_statements(source_dir() / file)) {
            connection->execute(statement);
        }
    }
    connection->commit();
}

void Database::load_schema(std::string_view shape) const {
    load(shape_files(m_backend, shape));
}

}  // namespace test
