// SPDX-License-Identifier: Apache-2.0
// Usage: demo-seed FILE SCHEMA...
// Makes a SQLite database with the tables of each SCHEMA, an SQL file, and a small replay of
// October 2022: one client asks for tokens for two days without a pause, a few hundred others go on
// as usual, and every edge case of tests/fixtures/edge_cases.md is there. FILE is made anew.
#include "db/connection.hpp"
#include "support/catalog.hpp"
#include "support/population.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr int k_clients = 300;
constexpr int k_flows = 2500;
constexpr int k_flood_tokens = 20'000;

// A statement ends with ';' at the end of a line.
void load_schema(db::Connection& connection, const std::string& schema) {
    std::ifstream stream(schema);
    if (!stream) {
        throw std::runtime_error("cannot read " + schema);
    }
    connection.begin();
    std::string statement;
    for (std::string line; std::getline(stream, line);) {
        statement += line + '\n';
        if (line.ends_with(';')) {
            connection.execute(statement);
            statement.clear();
        }
    }
    connection.commit();
}

void seed(const std::filesystem::path& file, const std::vector<std::string>& schemas) {
    std::filesystem::remove(file);
    std::ofstream{file};
    const auto connection =
        db::connect(db::parse_url("sqlite://" + std::filesystem::absolute(file).string()), {});
    for (const std::string& schema : schemas) {
        load_schema(*connection, schema);
    }
    const test::Catalog catalog(*connection);
    const std::int64_t tokens = test::populate(*connection, catalog,
                                               {.seed = 20221029,
                                                .now = test::database_now(*connection),
                                                .clients = k_clients,
                                                .flows = k_flows,
                                                .stray_percent = 2,
                                                .flood_tokens = k_flood_tokens});
    std::cout << fmt::format("{} access tokens of {} clients in {}\n", tokens, k_clients + 1,
                             file.string());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "Usage: demo-seed FILE SCHEMA...\n";
        return 64;
    }
    try {
        seed(argv[1], {argv + 2, argv + argc});
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "cannot make the demo database: " << error.what() << '\n';
        return 1;
    }
}
