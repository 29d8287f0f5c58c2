// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"
#include "cli/command_line.hpp"
#include "config/keys.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<std::optional<cli::Command>> all_helps() {
    std::vector<std::optional<cli::Command>> helps{std::nullopt};
    for (const cli::CommandInfo& info : cli::k_commands) {
        helps.emplace_back(info.command);
    }
    return helps;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// The help in one line, so that a sentence is found wherever it is wrapped.
std::string unwrapped(const std::string& text) {
    std::istringstream stream(text);
    std::string words;
    for (std::string word; stream >> word;) {
        words += word + ' ';
    }
    return words;
}

bool has_row_for(const std::string& help, const std::string& option) {
    return help.find("\n  " + option + " ") != std::string::npos ||
           help.find("\n  " + option + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("no help text is wider than 100 columns or ends a line with a blank") {
    for (const auto command : all_helps()) {
        for (const std::string& line : lines_of(cli::help_text(command))) {
            CAPTURE(line);
            CHECK(line.size() <= 100);
            CHECK_FALSE(line.ends_with(' '));
        }
    }
}

TEST_CASE(
    "the help of a command names exactly the options that apply, with key, default and sentence") {
    for (const auto command : all_helps()) {
        const std::string help = cli::help_text(command);
        for (const config::Key& key : config::keys()) {
            CAPTURE(key.path);
            CAPTURE(help);
            const bool expected = !command || cli::applies(key, *command);
            const std::string value = config::default_of(key);
            if (key.option.empty()) {
                CHECK(has_row_for(help, "--skip") == expected);
                CHECK(has_row_for(help, "--only") == expected);
                CHECK((!expected ||
                       help.find(key.path.substr(key.path.find('.') + 1)) != std::string::npos));
            } else {
                CHECK(has_row_for(help, key.option) == expected);
                CHECK((unwrapped(help).find(fmt::format("{} ({}, default {})", key.help, key.path,
                                                        value.empty() ? "empty" : value)) !=
                       std::string::npos) == expected);
            }
        }
    }
}

TEST_CASE("settings of the run do not apply to a report, and everything applies to a run") {
    const config::Key& size = *config::find_key("limits.batch_size");
    CHECK(cli::applies(size, cli::Command::run));
    CHECK(cli::applies(size, cli::Command::plan));
    CHECK_FALSE(cli::applies(size, cli::Command::report));
    CHECK_FALSE(cli::applies(size, cli::Command::check));
    for (const config::Key& key : config::keys()) {
        CHECK(cli::applies(key, cli::Command::run));
        CHECK(cli::applies(key, cli::Command::config_show));
    }
}

TEST_CASE("every help lists every exit code") {
    const std::vector<util::ErrorKind> kinds{
        util::ErrorKind::usage,    util::ErrorKind::data,       util::ErrorKind::connection,
        util::ErrorKind::software, util::ErrorKind::io,         util::ErrorKind::transient,
        util::ErrorKind::busy,     util::ErrorKind::permission, util::ErrorKind::config};
    for (const auto command : all_helps()) {
        const std::string help = cli::help_text(command);
        const std::string codes = help.substr(help.find("\nExit codes:\n"));
        for (const util::ErrorKind kind : kinds) {
            CHECK(codes.find(fmt::format("\n   {} ", util::exit_code(kind))) != std::string::npos);
        }
        CHECK(codes.find("130, 143") != std::string::npos);
    }
}

TEST_CASE("every example of every help is a command line that is understood") {
    for (const auto command : all_helps()) {
        const std::string help = cli::help_text(command);
        const auto lines = lines_of(help.substr(help.find("\nExamples:\n") + 11));
        CHECK(lines.size() >= 2);
        for (const std::string& line : lines) {
            CAPTURE(line);
            std::istringstream stream(line);
            std::vector<std::string> words;
            for (std::string word; stream >> word;) {
                words.push_back(word);
            }
            if (words.front() == "export") {
                continue;
            }
            std::vector<const char*> argv;
            for (const std::string& word : words) {
                argv.push_back(word.c_str());
            }
            const auto invocation = cli::parse(static_cast<int>(argv.size()), argv.data());
            CHECK((!command || invocation.command == *command));
        }
    }
}

TEST_CASE("the help of the program names every command") {
    const std::string help = cli::help_text(std::nullopt);
    for (const cli::CommandInfo& info : cli::k_commands) {
        CHECK(has_row_for(help, fmt::format("{}{}", info.name, info.argument)));
    }
}
