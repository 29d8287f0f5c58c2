// SPDX-License-Identifier: Apache-2.0
#include "cli/man_page.hpp"

#include "cli/help.hpp"
#include "cli/troubles.hpp"
#include "cli/version.hpp"
#include "config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace cli {

namespace {

// Text that roff takes as it is written.
std::string plain(std::string_view text) {
    std::string result;
    for (const char character : text) {
        if (character == '\\') {
            result += "\\e";
        } else if (character == '-') {
            result += "\\-";
        } else {
            result += character;
        }
    }
    // A line that begins with one of these is a request.
    return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

std::string section(std::string_view title) {
    return fmt::format(".SH {}\n", title);
}

std::string paragraph(std::string_view text) {
    return fmt::format(".PP\n{}\n", plain(text));
}

// A term in bold with what it stands for below.
std::string entry(std::string_view term, std::string_view text) {
    return fmt::format(".TP\n.B {}\n{}\n", plain(term), plain(text));
}

std::string command_entries() {
    std::string text;
    for (const CommandInfo& info : k_commands) {
        text +=
            entry(fmt::format("{}{}", info.name, info.argument), fmt::format("{}.", info.summary));
        for (const OwnOption& own : k_own_options) {
            if (own.command == info.command) {
                text += fmt::format(".RS\n{}.RE\n",
                                    entry(fmt::format("{} {}", own.option, own.argument),
                                          fmt::format("{}.", own.help)));
            }
        }
    }
    return text;
}

std::string key_entry(const config::Key& key) {
    const std::string value = config::default_of(key);
    return entry(fmt::format("{} {}", key.option, key.placeholder),
                 fmt::format("{}. Key {}, default {}.", key.help, key.path,
                             value.empty() ? "empty" : value));
}

std::string option_entries() {
    std::string text;
    for (const OptionSection& part : option_sections()) {
        text += fmt::format(".SS {}\n", part.title);
        for (const config::Key& key : config::keys()) {
            const bool here =
                std::ranges::find(part.sections, config::section_of(key)) != part.sections.end();
            text += here && !key.option.empty() ? key_entry(key) : "";
        }
        if (std::ranges::find(part.sections, "targets") != part.sections.end()) {
            text += entry("--skip NAME,...", "Leave these targets out (targets.NAME: false).") +
                    entry("--only NAME,...",
                          fmt::format("Collect these targets and no others. Targets: {}.",
                                      target_names()));
        }
    }
    text += ".SS Of every command\n";
    text += entry("--config FILE", "Configuration file in YAML.");
    text += entry("-h, --help", "Print the help, after a command the help of that command.");
    return text + entry("--version", "Print the version.") +
           entry("--generate NAME", "Print man, bash-completion or zsh-completion.");
}

std::string files() {
    return entry("/etc/iam-token-gc/iam-token-gc.yaml",
                 "The configuration, unless --config or IAM_TOKEN_GC_CONFIG names another file.") +
           entry("~/.my.cnf", "Password for MariaDB and MySQL, in the section [client].") +
           entry("~/.pgpass", "Password for PostgreSQL.");
}

std::string environment() {
    return paragraph(
               "Every setting is a key of the file, an option and a variable: limits.batch_size, "
               "--batch-size and IAM_TOKEN_GC_LIMITS_BATCH_SIZE. The command line wins over the "
               "environment, the environment over the file.") +
           entry("IAM_TOKEN_GC_CONFIG", "The configuration file.") +
           entry("IAM_TOKEN_GC_DATABASE_PASSWORD",
                 "The password, where no file can hold it (database.password_file).");
}

std::string troubles() {
    std::string text = paragraph(
        "One sentence on standard error, or in the report, says what failed, on what, and what to "
        "do. Here it is by exit code, and then by the words of the sentence.");
    text += ".SS By exit code\n";
    for (const ExitCode& code : exit_codes()) {
        text += entry(code.code, fmt::format("{}. {}", code.meaning, code.remedy));
    }
    text += ".SS By the words of the sentence\n";
    for (const Refusal& refusal : refusals()) {
        text += entry(refusal.says, fmt::format("{} {}", refusal.meaning, refusal.remedy));
    }
    return text;
}

std::string example_lines() {
    std::string text = ".PP\n.nf\n";
    for (const std::string_view line : examples(std::nullopt)) {
        text += plain(line) + "\n";
    }
    for (const CommandInfo& info : k_commands) {
        for (const std::string_view line : examples(info.command)) {
            text += plain(line) + "\n";
        }
    }
    return text + ".fi\n";
}

}  // namespace

std::string man_page() {
    std::string text = fmt::format(
        ".TH IAM\\-TOKEN\\-GC 1 \"\" \"iam\\-token\\-gc {}\" \"User Commands\"\n", k_version);
    text += section("NAME") +
            "iam\\-token\\-gc \\- keep the token tables of an OAuth identity server small\n";
    text += section("SYNOPSIS") + ".B iam\\-token\\-gc\n.I COMMAND\n.RI [ OPTION ...]\n";
    text += section("DESCRIPTION") +
            paragraph(
                "Removes expired tokens and codes of INDIGO IAM and MITREid Connect, and the "
                "holders, scopes and parameters that hang on them, in small batches that give way "
                "to everybody else. No live row is ever removed, and token values are never read.");
    text += section("COMMANDS") + command_entries();
    text += section("OPTIONS") +
            paragraph("TIME is a whole number with a unit: 250ms, 30s, 10min, 1h, 2d.") +
            option_entries();
    text += section("FILES") + files();
    text += section("ENVIRONMENT") + environment();
    text += section("EXIT STATUS");
    for (const ExitCode& code : exit_codes()) {
        text += entry(code.code, fmt::format("{}.", code.meaning));
    }
    text += section("\"WHEN IT GOES WRONG\"") + troubles();
    return text + section("EXAMPLES") + example_lines();
}

}  // namespace cli
