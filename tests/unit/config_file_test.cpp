// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"
#include "config/show.hpp"
#include "support/backend.hpp"
#include "support/settings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <string>
#include <vector>

using test::TemporaryFile;

namespace {

std::string shipped_file() {
    return (test::source_dir() / "config" / "iam-token-gc.yaml").string();
}

std::vector<std::string> lines_of(const std::string& file) {
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

std::string trimmed(const std::string& line) {
    const auto first = line.find_first_not_of(' ');
    return first == std::string::npos ? std::string{} : line.substr(first);
}

}  // namespace

TEST_CASE("config/iam-token-gc.yaml sets every key to its default and no other") {
    const config::Loaded loaded = config::load({.default_file = {}, .file = shipped_file()});
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        CHECK(loaded.origins.at(key.path).source == config::Source::file);
        CHECK(key.print(loaded.config) == config::default_of(key));
    }
}

TEST_CASE("config/iam-token-gc.yaml explains every key in the words of the help") {
    const auto lines = lines_of(shipped_file());
    const config::Loaded loaded = config::load({.default_file = {}, .file = shipped_file()});
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        const std::string place = loaded.origins.at(key.path).place;
        const std::size_t number = std::stoul(place.substr(place.rfind(':') + 1));
        REQUIRE(number >= 2);
        CHECK(trimmed(lines[number - 2]) == fmt::format("# {}.", key.help));
    }
}

TEST_CASE("what config show prints as text is a configuration file with the same values") {
    const TemporaryFile file(
        "limits: {batch_size: 5}\nreport: {file: 'a \"b\" \\ c'}\ngrace: 2h\n");
    const auto loaded = config::load({.default_file = {},
                                      .file = file.path(),
                                      .environment = {"IAM_TOKEN_GC_TARGETS_PERMISSION=false"},
                                      .overrides = {{.path = "log.level", .value = "debug"}}});
    const TemporaryFile shown(config::show_text(loaded));
    const auto again = config::load({.default_file = {}, .file = shown.path()});
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        CHECK(key.print(again.config) == key.print(loaded.config));
    }
}

TEST_CASE("config show names the origin of each value") {
    const TemporaryFile file("\ngrace: 2h\n");
    const auto loaded = config::load({.default_file = {},
                                      .file = file.path(),
                                      .environment = {"IAM_TOKEN_GC_LIMITS_MAX_ROWS=7"},
                                      .overrides = {{.path = "log.level", .value = "debug"}}});
    const auto document = nlohmann::json::parse(config::show_json(loaded));
    CHECK(document.at("schema_version") == 1);
    CHECK(document.at("file") == file.path());
    const auto& settings = document.at("settings");
    CHECK(settings.size() == config::keys().size());
    CHECK(settings.at("grace") == nlohmann::json{{"value", "2h"}, {"origin", file.path() + ":2"}});
    CHECK(settings.at("limits.max_rows") ==
          nlohmann::json{{"value", 7}, {"origin", "environment"}});
    CHECK(settings.at("log.level") ==
          nlohmann::json{{"value", "debug"}, {"origin", "command line"}});
    CHECK(settings.at("throttle.busy_share") ==
          nlohmann::json{{"value", 0.5}, {"origin", "default"}});
    CHECK(settings.at("clock.ignore") == nlohmann::json{{"value", false}, {"origin", "default"}});
    const std::string text = config::show_text(loaded);
    CHECK(text.find(fmt::format("# {}:2\n", file.path())) != std::string::npos);
    CHECK(text.find("# environment\n") != std::string::npos);
    CHECK(text.find("# command line\n") != std::string::npos);
}

TEST_CASE("config show prints no password") {
    for (const std::string url :
         {"mysql://gc:hunter2@db/iam", "postgresql://gc@db/iam?password=hunter2&sslmode=require"}) {
        const auto loaded =
            config::load({.default_file = {}, .environment = {"IAM_TOKEN_GC_DATABASE_URL=" + url}});
        CHECK(config::show_text(loaded).find("hunter2") == std::string::npos);
        CHECK(config::show_json(loaded).find("hunter2") == std::string::npos);
        CHECK(config::show_text(loaded).find("://gc") != std::string::npos);
    }
}

TEST_CASE("a configuration file has 1 MiB at most") {
    const TemporaryFile longest("#" + std::string((1U << 20U) - 1, 'x'));
    const TemporaryFile longer("#" + std::string(1U << 20U, 'x'));
    CHECK(test::load_failure({.file = longest.path()}).empty());
    CHECK(test::load_failure({.file = longer.path()}).find("more than 1 MiB") != std::string::npos);
}
