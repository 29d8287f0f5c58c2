// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include "cli/troubles.hpp"
#include "cli/version.hpp"
#include "gc/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace cli {

namespace {

constexpr std::size_t k_width = 96;
constexpr std::size_t k_left_column = 32;

// Breaks the text at blanks into lines that start at that column; the first line is taken to be
// there already.
std::string wrapped(std::string_view text, std::size_t column) {
    std::string result;
    std::size_t at = column;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (at > column && at + 1 + word.size() > k_width) {
            result += '\n' + std::string(column, ' ');
            at = column;
        } else if (at > column) {
            result += ' ';
            ++at;
        }
        result += word;
        at += word.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result + '\n';
}

std::string row(std::string_view left, std::string_view right) {
    std::string line = fmt::format("  {:<{}}", left, k_left_column - 2);
    if (left.size() + 4 > k_left_column) {
        line = fmt::format("  {}\n{}", left, std::string(k_left_column, ' '));
    }
    return line + wrapped(right, k_left_column);
}

std::string key_row(const config::Key& key) {
    const std::string left =
        key.placeholder.empty() ? key.option : fmt::format("{} {}", key.option, key.placeholder);
    const std::string value = config::default_of(key);
    return row(left, fmt::format("{} ({}, default {})", key.help, key.path,
                                 value.empty() ? "empty" : value));
}

std::string target_rows() {
    return row("--skip NAME,...", "Leave these targets out (targets.NAME: false)") +
           row("--only NAME,...", "Collect these targets and no others") +
           row("", "Targets: " + target_names());
}

bool shown(const config::Key& key, std::optional<Command> command) {
    return !command || applies(key, *command);
}

std::string option_rows(std::optional<Command> command) {
    std::string text;
    for (const OptionSection& section : option_sections()) {
        std::string rows;
        bool targets = false;
        for (const config::Key& key : config::keys()) {
            const auto& names = section.sections;
            if (std::find(names.begin(), names.end(), config::section_of(key)) == names.end() ||
                !shown(key, command)) {
                continue;
            }
            if (!key.option.empty()) {
                rows += key_row(key);
            } else if (!targets) {
                rows += target_rows();
                targets = true;
            }
        }
        text += rows.empty() ? std::string{} : fmt::format("\n{}:\n{}", section.title, rows);
    }
    return text;
}

std::string own_rows(std::optional<Command> command) {
    std::string text;
    if (command == Command::why) {
        text += row("ID", "Primary key of the row; a whole number above 0");
    }
    for (const OwnOption& own : k_own_options) {
        if (own.command == command) {
            text += row(
                fmt::format("{}{}{}", own.option, own.argument.empty() ? "" : " ", own.argument),
                own.help);
        }
    }
    text += row("--config FILE",
                "Configuration file in YAML; default: IAM_TOKEN_GC_CONFIG, else "
                "/etc/iam-token-gc/iam-token-gc.yaml if it exists");
    text += row("-h, --help", "Print this help, or after a command the help of that command");
    text += row("--version", "Print the version");
    if (!command) {
        text += row("--generate NAME", "Print man, bash-completion or zsh-completion");
    }
    return "\nOptions:\n" + text;
}

std::string exit_code_rows() {
    std::string text = "\nExit codes:\n";
    for (const ExitCode& code : exit_codes()) {
        text += row(fmt::format("{:>3}", code.code), code.meaning);
    }
    return text;
}

std::string head(std::optional<Command> command) {
    if (!command) {
        std::string text =
            "iam-token-gc keeps the token tables of INDIGO IAM and MITREid Connect small:\n"
            "it removes expired tokens and what nothing refers to any more, never a live row.\n\n"
            "Usage: iam-token-gc COMMAND [OPTION...]\n\nCommands:\n";
        for (const CommandInfo& info : k_commands) {
            text += row(fmt::format("{}{}", info.name, info.argument), info.summary);
        }
        return text;
    }
    for (const CommandInfo& info : k_commands) {
        if (info.command == *command) {
            return fmt::format("Usage: iam-token-gc {}{} [OPTION...]\n\n{}.\n", info.name,
                               info.argument, info.summary);
        }
    }
    return {};
}

bool starts_with_any(std::string_view path, const std::vector<std::string_view>& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view beginning) { return path.starts_with(beginning); });
}

}  // namespace

std::string target_names() {
    std::string names;
    for (const gc::Target target : gc::k_targets) {
        names += names.empty() ? "" : ", ";
        names += gc::name(target);
    }
    return names;
}

const std::vector<OptionSection>& option_sections() {
    static const std::vector<OptionSection> all{
        {"Database", {"database", "clock"}},
        {"What is garbage", {"", "targets", "orphans"}},
        {"Tokens that have not expired",
         {"unneeded", "quota", "purge_client", "deleted_client", "deleted_user", "revoked",
          "refresh_unused", "drain", "spare"}},
        {"Limits and pace", {"limits", "retry", "throttle"}},
        {"Safety", {"safety"}},
        {"What can be proved afterwards", {"archive", "plan", "certificate"}},
        {"Flags and forecast", {"flags", "forecast", "state"}},
        {"Output", {"report", "metrics", "log"}},
    };
    return all;
}

std::vector<std::string_view> examples(std::optional<Command> command) {
    if (!command) {
        return {"export IAM_TOKEN_GC_DATABASE_URL=mysql://iam_gc@db.example.org:3306/iam",
                "iam-token-gc check", "iam-token-gc run --dry-run",
                "iam-token-gc run --max-time 1h"};
    }
    switch (*command) {
    case Command::check:
        return {"iam-token-gc check",
                "iam-token-gc check --database-url sqlite:///var/lib/iam/iam.db"};
    case Command::plan:
        return {"iam-token-gc plan --estimate", "iam-token-gc plan --out plan.json",
                "iam-token-gc plan --grace 1d --format json"};
    case Command::run:
        return {"iam-token-gc run --dry-run",
                "iam-token-gc run --max-rows 1000000 --max-time 30min",
                "iam-token-gc run --only access_token,refresh_token --busy-share 0.2",
                "iam-token-gc run --quiet --max-time 1h"};
    case Command::report:
        return {"iam-token-gc report", "iam-token-gc report --format html --output report.html",
                "iam-token-gc report --client portal --format mail"};
    case Command::why:
        return {"iam-token-gc why 4711", "iam-token-gc why 42 --target authentication_holder"};
    case Command::archive_verify:
        return {"iam-token-gc archive verify --archive /var/lib/iam-token-gc/archive",
                "iam-token-gc archive verify --format json"};
    case Command::restore:
        return {"iam-token-gc restore --archive /var/lib/iam-token-gc/archive --dry-run",
                "iam-token-gc restore --client my-client"};
    case Command::certificate_verify:
        return {"iam-token-gc certificate verify run-2026-05-01.json",
                "iam-token-gc certificate verify /var/lib/iam-token-gc/certificate.json"};
    case Command::config_show:
        return {"iam-token-gc config show",
                "iam-token-gc config show --format json --config test.yaml"};
    }
    return {};
}

bool applies(const config::Key& key, Command command) {
    switch (command) {
    case Command::plan:
        return key.path != "metrics.file" && key.path != "report.quiet" &&
               !starts_with_any(key.path, {"archive.", "certificate."});
    case Command::run:
    case Command::config_show:
        return true;
    case Command::archive_verify:
    case Command::restore:
        return key.path != "report.quiet" && key.path != "report.summary_file" &&
               starts_with_any(key.path, {"database.", "archive.path", "report.", "log."});
    case Command::certificate_verify:
        return key.path == "report.file" || key.path.starts_with("log.");
    case Command::check:
        return key.path != "report.summary_file" &&
               starts_with_any(key.path, {"database.", "clock.", "targets.", "grace", "orphans.",
                                          "limits.scan_rows", "throttle.", "report.", "log."});
    case Command::report:
        return key.path != "report.quiet" && key.path != "report.summary_file" &&
               starts_with_any(
                   key.path,
                   {"database.", "grace", "limits.batch_time", "limits.max_time",
                    "throttle.busy_share", "throttle.rows_per_second", "throttle.window",
                    "throttle.full_speed", "flags.", "forecast.", "state.", "report.", "log."});
    case Command::why:
        return key.path != "report.quiet" && key.path != "report.summary_file" &&
               starts_with_any(key.path,
                               {"database.", "grace", "orphans.", "unneeded.", "quota.",
                                "purge_client.", "deleted_client.", "deleted_user.", "revoked.",
                                "refresh_unused.", "drain.", "spare.", "report.", "log."});
    }
    return true;
}

std::vector<std::string_view> commands_of(const config::Key& key) {
    std::vector<std::string_view> names;
    for (const CommandInfo& info : k_commands) {
        if (applies(key, info.command)) {
            names.push_back(info.name);
        }
    }
    return names;
}

std::vector<std::string_view> commands_of(const OwnOption& own) {
    std::vector<std::string_view> names;
    for (const OwnOption& other : k_own_options) {
        if (other.option == own.option) {
            names.push_back(info_of(other.command).name);
        }
    }
    return names;
}

std::string help_text(std::optional<Command> command) {
    std::string text = head(command) + own_rows(command) + option_rows(command);
    text += "\n" + wrapped(
                       "TIME is a whole number with a unit: 250ms, 30s, 10min, 1h, 2d. Options may "
                       "stand before or after "
                       "the command.",
                       0);
    text += wrapped(
        "Every option is also a key of the configuration file and an environment variable: "
        "--batch-size "
        "is limits.batch_size and IAM_TOKEN_GC_LIMITS_BATCH_SIZE. The command line wins over the "
        "environment, the environment over the file.",
        0);
    text += exit_code_rows() + "\nExamples:\n";
    for (const std::string_view example : examples(command)) {
        text += fmt::format("  {}\n", example);
    }
    return text;
}

std::string version_text() {
    return fmt::format("iam-token-gc {}\n", k_version);
}

}  // namespace cli
