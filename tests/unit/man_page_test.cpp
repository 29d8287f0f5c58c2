// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.hpp"
#include "cli/completion.hpp"
#include "cli/help.hpp"
#include "cli/troubles.hpp"
#include "config/keys.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace {

std::string without_escapes(std::string text) {
    std::erase(text, '\\');
    return text;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the man page has an entry for every command, option, exit code and refusal") {
    const std::string page = without_escapes(cli::man_page());
    for (const cli::CommandInfo& info : cli::k_commands) {
        CHECK(has(page, fmt::format(".TP\n.B {}{}\n", info.name, info.argument)));
    }
    for (const config::Key& key : config::keys()) {
        CAPTURE(key.path);
        const std::string value = config::default_of(key);
        CHECK(
            (key.option.empty() ||
             has(page, fmt::format(".B {} {}\n{}. Key {}, default {}.", key.option, key.placeholder,
                                   key.help, key.path, value.empty() ? "empty" : value))));
    }
    for (const cli::ExitCode& code : cli::exit_codes()) {
        CHECK(has(page, fmt::format(".TP\n.B {}\n{}. {}", code.code, code.meaning, code.remedy)));
    }
    for (const cli::Refusal& refusal : cli::refusals()) {
        CHECK(has(page, fmt::format(".TP\n.B {}\n{}", refusal.says, refusal.meaning)));
    }
}

TEST_CASE("no text of the man page is taken for a request of roff") {
    const std::string page = cli::man_page();
    for (std::size_t at = 0; at < page.size(); at = page.find('\n', at) + 1) {
        const std::string line = page.substr(at, page.find('\n', at) - at);
        CAPTURE(line);
        CHECK(!line.starts_with('\''));
        CHECK((!line.starts_with('.') || std::isupper(line[1]) != 0 || line == ".nf" ||
               line == ".fi"));
    }
}

TEST_CASE("the shells complete every command, every option and every known value") {
    for (const std::string& script : {cli::bash_completion(), cli::zsh_completion()}) {
        CHECK(has(script, "check plan run report why archive restore certificate config"));
        for (const config::Key& key : config::keys()) {
            CAPTURE(key.path);
            CHECK((key.option.empty() || has(script, key.option)));
            CHECK(has(script, fmt::format("{}", fmt::join(key.choices, " "))));
        }
    }
}

TEST_CASE("every choice of a key is a value that it takes") {
    for (const config::Key& key : config::keys()) {
        for (const std::string& choice : key.choices) {
            config::Config config;
            key.parse(config, choice);
            CHECK(key.print(config) == choice);
        }
    }
}
