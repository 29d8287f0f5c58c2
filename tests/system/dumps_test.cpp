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
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

// The server's own client, which reads the syntax of dumps and goes on after an error when told so.
test::ProgramResult client(const test::Database& database, const std::string& options,
                           const std::string& input) {
    const char* const socket = std::getenv("ITGC_TEST_MARIADB_SOCKET");
    REQUIRE(socket != nullptr);
    return test::run_command(fmt::format("{} | mariadb --no-defaults {} --user=root --socket={} {}",
                                         input, options, test::quoted(socket),
                                         db::parse_url(database.url()).database));
}

void load_dump(const test::Database& database, const std::filesystem::path& file) {
    const test::ProgramResult result = client(database, "", "cat " + test::quoted(file.string()));
    REQUIRE_MESSAGE(result.exit_code == 0, result.log);
}

// The account of sql/admin/grants.mysql.sql in that database, under a name of its own.
class Account {
public:
    explicit Account(const test::Database& database)
        : m_owner(database.connect_patiently()), m_url(database.url()) {
        m_owner->execute(fmt::format("CREATE USER '{}'@'%'", m_name));
        const auto grants = test::source_dir() / "sql" / "admin" / "grants.mysql.sql";
        // Grants on tables that the level does not have fail, and so do those of the account that
        // only reads.
        client(database, "--force",
               fmt::format("sed s/iam_token_gc/{}/g {}", m_name, test::quoted(grants.string())));
        const std::string root = "root@";
        m_url.replace(m_url.find(root), root.size(), m_name + "@");
    }
    ~Account() {
        try {
            m_owner->execute(fmt::format("DROP USER '{}'@'%'", m_name));
        } catch (const std::exception& error) {
            std::cerr << "a test account stays behind: " << error.what() << '\n';
        }
    }
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;

    const std::string& url() const { return m_url; }

private:
    std::string m_name = fmt::format("itgc_dump_{}", ::getpid());
    std::unique_ptr<db::Connection> m_owner;
    std::string m_url;
};

Json run(const Account& account, const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"run", "--format", "json"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const test::ProgramResult result = test::run_program(account.url(), arguments);
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
    const Account account(database);

    const Json dry = run(account, {"--dry-run"});
    CHECK(test::difference(before, test::take_snapshot(*connection, catalog)) == "");
    const Json real = run(account, {});
    CHECK(test::difference(oracle.expected(), test::take_snapshot(*connection, catalog)) == "");
    CHECK(test::removals(tally_of(real)) == test::removals(oracle));
    CHECK(dry.at("targets").dump(1) == real.at("targets").dump(1));
    CHECK(real.at("totals").at("removed") == oracle.removed());
    CHECK(oracle.removed() > 500);
    CHECK(run(account, {}).at("totals").at("removed") == 0);
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
