// SPDX-License-Identifier: Apache-2.0
#include "report/idle_file.hpp"

#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace std::chrono_literals;

namespace {

const util::TimePoint k_then = util::parse_time("2026-03-01 01:00:00");
constexpr const char* k_database = "mysql://gc@db/iam";

gc::IdleMemory sample_memory() {
    return {.top = 90,
            .proved = k_then + 48h,
            .tokens = {{3, k_then}, {4, k_then}, {5, k_then + 24h}, {6, k_then}, {80, k_then}},
            .witnesses = {{.access_token = 7, .refresh_token = 70, .expiration = k_then + 1h}}};
}

std::string text_of(std::string text) {
    const auto kept = report::parse_idle(text);
    return kept ? report::idle_text(kept->database, kept->memory) : "nothing";
}

}  // namespace

TEST_CASE("a memory of refresh tokens is written as ranges by moment, and read as it was") {
    const std::string text = report::idle_text(k_database, sample_memory());
    CHECK(text ==
          R"({"version":1,"database":"mysql://gc@db/iam","top":90,"proved":"2026-03-03 01:00:00",)"
          R"("tokens":[{"since":"2026-03-01 01:00:00","ids":"3-4 6 80"},)"
          R"({"since":"2026-03-02 01:00:00","ids":"5"}],"witnesses":[{"access_token":7,)"
          R"("refresh_token":70,"expiration":"2026-03-01 02:00:00"}]})"
          "\n");
    CHECK(text_of(text) == text);
    const auto kept = report::parse_idle(text);
    REQUIRE(kept);
    CHECK(kept->memory.since(5) == k_then + 24h);
    CHECK(kept->database == k_database);
}

TEST_CASE("a text that is no memory of refresh tokens is none") {
    const auto with_ids = [](const std::string& ids) {
        return text_of(R"({"version":1,"database":"d","top":9,"tokens":[{"since":)"
                       R"("2026-03-01 01:00:00","ids":")" +
                       ids + R"("}],"witnesses":[]})");
    };
    CHECK(with_ids("1 3-4") != "nothing");
    for (const char* const ids : {"1,2", "4-3", "1 1", "1-2 2", "-1", "1 ", "x", "1-",
                                  "0-99999999999", "99999999999999999999"}) {
        CAPTURE(ids);
        CHECK(with_ids(ids) == "nothing");
    }
    CHECK(text_of("") == "nothing");
    CHECK(text_of(R"({"version":2,"database":"d","top":9,"tokens":[],"witnesses":[]})") ==
          "nothing");
    CHECK(text_of(R"({"version":1,"database":"d","top":9,"tokens":[]})") == "nothing");
}

TEST_CASE("the file of refresh tokens is of one database, and only its owner can read it") {
    std::string folder = (std::filesystem::temp_directory_path() / "itgc-idle.XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    const std::string path = folder + "/idle.json";
    CHECK(report::load_idle(path, k_database).warning.empty());
    report::save_idle(path, k_database, sample_memory());
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    CHECK(report::load_idle(path, k_database).memory.tokens.size() == 5);
    const report::LoadedIdle other = report::load_idle(path, "sqlite:///other");
    CHECK(other.memory.tokens.empty());
    CHECK(other.warning.find("is of another database, so it starts anew") != std::string::npos);
    std::ofstream(path) << "{";
    CHECK(report::load_idle(path, k_database).warning.find("is broken") != std::string::npos);
    const test::Failure failure =
        test::failure_of([&] { report::save_idle(folder + "/no/x", k_database, {}); });
    CHECK(failure.kind == util::ErrorKind::io);
    CHECK(failure.says("so nothing was removed"));
    std::filesystem::remove_all(folder);
}
