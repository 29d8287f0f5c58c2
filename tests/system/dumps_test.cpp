// SPDX-License-Identifier: Apache-2.0
// The program from outside, on dumps of real IAM databases whose token tables are filled first.
#include "support/oracle.hpp"
#include "support/population.hpp"
#include "support/program.hpp"
#include "support/runs.hpp"
#include "support/snapshot.hpp"
#include "support/workbench.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace {

using Json = nlohmann::ordered_json;

// The dump of that name, or nothing and a line that says so.
std::optional<std::filesystem::path> dump(const std::string& name) {
    const char* const folder = std::getenv("ITGC_SHARED");
    const std::filesystem::path shared =
        folder != nullptr ? std::filesystem::path(folder) : test::source_dir() / ".." / "shared";
    const std::filesystem::path file = shared / "iam-dumps" / name;
    if (!std::filesystem::exists(file)) {
        std::cout << "[skip] there is no dump " << file.lexically_normal().string() << '\n';
        return std::nullopt;
    }
    return file;
}

std::optional<test::Backend> mariadb() {
    for (const test::Backend& backend : test::backends()) {
        if (backend.name == "mariadb") {
            return backend;
        }
    }
    std::cout << "[skip] the dumps need MariaDB, which ITGC_TEST_BACKENDS leaves out\n";
    return std::nullopt;
}

// The dumps use syntax that only the server's own client reads.
void load_dump(const test::Database& database, const std::filesystem::path& file) {
    const char* const socket = std::getenv("ITGC_TEST_MARIADB_SOCKET");
    REQUIRE(socket != nullptr);
    const db::Address address = db::parse_url(database.url());
    const test::ProgramResult result = test::run_command(
        fmt::format("mariadb --no-defaults --user=root --socket={} {} < {}", test::quoted(socket),
                    address.database, test::quoted(file.string())));
    REQUIRE_MESSAGE(result.exit_code == 0, result.log);
}

Json run(const test::Database& database, const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"run", "--format", "json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const test::ProgramResult result = test::run_program(database.url(), arguments);
    REQUIRE_MESSAGE(result.exit_code == 0, result.log, result.output);
    const Json report = Json::parse(result.output);
    CHECK(report.at("exit_code") == 0);
    CHECK(report.at("stop_reason") == "done");
    return report;
}

// The tally that a report speaks of, for comparison with the oracle's.
gc::Tally tally_of(const Json& report) {
    gc::Tally tally;
    for (const gc::Target target : gc::k_targets) {
        const Json& part = report.at("targets").at(std::string(gc::name(target)));
        tally[target].removed = part.at("removed").get<std::int64_t>();
        for (const auto& [table, rows] : part.at("satellites").items()) {
            tally[target].satellites[table] = rows.get<std::int64_t>();
        }
    }
    return tally;
}

void check_filled(const test::Database& database) {
    const auto connection = database.connect();
    const test::Catalog catalog(*connection);
    const util::TimePoint now = test::database_now(*connection);
    test::populate(*connection, catalog, {.seed = 62, .now = now, .clients = 20, .flows = 500});
    const test::Oracle oracle(*connection, catalog, {.now = now});
    const test::Snapshot before = test::take_snapshot(*connection, catalog);

    const Json dry = run(database, {"--dry-run"});
    CHECK(test::difference(before, test::take_snapshot(*connection, catalog)) == "");
    const Json real = run(database, {});
    CHECK(test::difference(oracle.expected(), test::take_snapshot(*connection, catalog)) == "");
    CHECK(test::removals(tally_of(real)) == test::removals(oracle));
    CHECK(dry.at("targets").dump(1) == real.at("targets").dump(1));
    CHECK(real.at("totals").at("removed") == oracle.removed());
    CHECK(oracle.removed() > 500);
    CHECK(run(database, {}).at("totals").at("removed") == 0);
    CHECK(real.dump().find("SECRET") == std::string::npos);
}

void check_dump(const std::string& name, bool indexed) {
    const auto file = dump(name);
    const auto backend = file ? mariadb() : std::nullopt;
    if (!backend) {
        return;
    }
    const test::Database database(*backend);
    load_dump(database, *file);
    if (indexed) {
        test::make_indexes(database);
    }
    check_filled(database);
}

TEST_CASE("on the real V62 database a run removes exactly the garbage that its dry run counted") {
    check_dump("iam-v62.sql", false);
}

TEST_CASE("on the real V62 database with the indexes a run removes all kinds of garbage") {
    check_dump("iam-v62.sql", true);
}

TEST_CASE("on the real V96 database a run removes exactly the garbage that its dry run counted") {
    check_dump("iam-v96.sql", false);
}

}  // namespace
