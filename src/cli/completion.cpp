// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include "cli/command.hpp"
#include "cli/help.hpp"
#include "config/keys.hpp"
#include "gc/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace cli {

namespace {

struct Completed {
    std::string option{};
    std::string argument{};              // empty for a flag
    std::vector<std::string> choices{};  // of the argument, if they are known
    std::string help{};
};

std::vector<std::string> targets() {
    std::vector<std::string> names;
    names.reserve(gc::k_targets.size());
    for (const gc::Target target : gc::k_targets) {
        names.emplace_back(gc::name(target));
    }
    return names;
}

std::vector<Completed> options() {
    std::vector<Completed> all{
        {.option = "--config", .argument = "FILE", .help = "Configuration file"},
        {.option = "--skip", .argument = "NAME", .choices = targets(), .help = "Targets left out"},
        {.option = "--only",
         .argument = "NAME",
         .choices = targets(),
         .help = "Only these targets"},
        {.option = "--help", .help = "Print the help"},
        {.option = "--version", .help = "Print the version"},
    };
    for (const OwnOption& own : k_own_options) {
        if (std::ranges::find(all, own.option, &Completed::option) != all.end()) {
            continue;
        }
        all.push_back({.option = std::string(own.option),
                       .argument = std::string(own.argument),
                       .choices = own.option == "--target" ? targets() : std::vector<std::string>{},
                       .help = std::string(own.help)});
    }
    for (const config::Key& key : config::keys()) {
        if (!key.option.empty()) {
            all.push_back({.option = key.option,
                           .argument = key.placeholder,
                           .choices = key.choices,
                           .help = key.help});
        }
    }
    return all;
}

// "config show" is "config"; what may follow is not worth a rule.
std::string commands() {
    std::string words;
    for (const CommandInfo& info : k_commands) {
        words += words.empty() ? "" : " ";
        words += info.name.substr(0, info.name.find(' '));
    }
    return words;
}

// What follows the first word of a command of two.
std::string second_words() {
    std::string cases;
    for (const CommandInfo& info : k_commands) {
        const auto blank = info.name.find(' ');
        if (blank != std::string_view::npos) {
            cases += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$word\")); return ;;\n",
                                 info.name.substr(0, blank), info.name.substr(blank + 1));
        }
    }
    return cases;
}

// Between single quotes, inside the brackets of a zsh specification.
std::string zsh_text(std::string_view text) {
    std::string result;
    for (const char character : text.substr(0, text.find(';'))) {
        if (character == '\'') {
            result += "'\\''";
        } else if (character == '[' || character == ']' || character == ':' || character == '\\') {
            result += '\\';
            result += character;
        } else {
            result += character;
        }
    }
    return result;
}

}  // namespace

std::string bash_completion() {
    std::string words = commands();
    std::string cases;
    for (const Completed& option : options()) {
        words += " " + option.option;
        if (option.argument.empty()) {
            continue;
        }
        const std::string known =
            option.argument == "FILE"
                ? "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$word\"))"
                : fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$word\"))",
                              fmt::join(option.choices, " "));
        cases += fmt::format("    {}) {}; return ;;\n", option.option, known);
    }
    return fmt::format(
        "# bash completion for iam-token-gc; made by iam-token-gc --generate bash-completion\n"
        "_iam_token_gc() {{\n"
        "    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}\n"
        "    case $before in\n{}{}"
        "    esac\n"
        "    COMPREPLY=($(compgen -W '{}' -- \"$word\"))\n"
        "}}\n"
        "complete -F _iam_token_gc iam-token-gc\n",
        cases, second_words(), words);
}

std::string zsh_completion() {
    std::string lines;
    for (const Completed& option : options()) {
        std::string argument;
        if (option.argument == "FILE") {
            argument = ":file:_files";
        } else if (!option.choices.empty()) {
            argument = fmt::format(":value:({})", fmt::join(option.choices, " "));
        } else if (!option.argument.empty()) {
            argument = fmt::format(":{}: ", option.argument);
        }
        lines += fmt::format("    '{}[{}]{}' \\\n", option.option, zsh_text(option.help), argument);
    }
    return fmt::format(
        "#compdef iam-token-gc\n"
        "# zsh completion for iam-token-gc; made by iam-token-gc --generate zsh-completion\n"
        "_arguments \\\n{}    '1:command:({})' \\\n    '*: : '\n",
        lines, commands());
}

}  // namespace cli
