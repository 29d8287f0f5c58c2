// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

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

std::string target_names() {
    std::string names;
    for (const gc::Target target : gc::k_targets) {
        names += names.empty() ? "" : ", ";
        names += gc::name(target);
    }
    return names;
}

std::string target_rows() {
    return row("--skip NAME,...", "Leave these targets out (targets.NAME: false)") +
           row("--only NAME,...", "Collect these targets and no others") +
           row("", "Targets: " + target_names());
}

struct Section {
    std::string_view title;
    std::vector<std::string_view> sections;
};

// The headings of the options and the sections of the configuration that stand below them.
const std::vector<Section>& sections() {
    static const std::vector<Section> all{
        {"Database", {"database", "clock"}},
        {"What is garbage", {"", "targets", "orphans"}},
        {"Limits and pace", {"limits", "retry", "throttle"}},
        {"Safety", {"safety"}},
        {"Flags and forecast", {"flags", "forecast", "state"}},
        {"Output", {"report", "metrics", "log"}},
    };
    return all;
}

bool shown(const config::Key& key, std::optional<Command> command) {
    return !command || applies(key, *command);
}

std::string option_rows(std::optional<Command> command) {
    std::string text;
    for (const Section& section : sections()) {
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
    if (command == Command::run) {
        text += row("--dry-run", "Do everything but the removals, and report the same numbers");
    }
    if (command == Command::report) {
        text += row("--client ID",
                    "Instead of the report, a letter to the owner of the client with that "
                    "client_id, as text or mail");
    }
    if (command == Command::why) {
        text += row("ID", "Primary key of the row; a whole number above 0");
        text += row(
            "--target NAME",
            "Table of the row (default access_token): access_token, refresh_token, "
            "authorization_code, "
            "device_code, authentication_holder, saved_user_auth, permission_ticket or permission");
    }
    text += row("--config FILE",
                "Configuration file in YAML; default: IAM_TOKEN_GC_CONFIG, else "
                "/etc/iam-token-gc/iam-token-gc.yaml if it exists");
    text += row("-h, --help", "Print this help, or after a command the help of that command");
    text += row("--version", "Print the version");
    return "\nOptions:\n" + text;
}

std::string exit_codes() {
    return "\nExit codes:\n" +
           row("  0", "Finished, or stopped at a limit it was given; the report says which") +
           row("  1", "A client is flagged, and report was to fail on that (--fail-on flagged)") +
           row(" 64", "Bad command line") +
           row(" 65",
               "Not a database this program knows, or a safety limit or the clock check refused") +
           row(" 69", "Cannot reach the database, or lost it for good; try again later") +
           row(" 70", "A bug") +
           row(" 74", "The report or another output could not be written; try again") +
           row(" 75", "Another run holds the lock, or a budget is used up; try again later") +
           row(" 77", "Missing privilege, or a read-only server") +
           row(" 78", "Bad configuration") +
           row("130, 143",
               "Stopped by SIGINT or SIGTERM: the batch in hand was finished or rolled back and "
               "the "
               "report written; a second signal ends it at once");
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
        return {"iam-token-gc plan", "iam-token-gc plan --grace 1d --format json"};
    case Command::run:
        return {"iam-token-gc run --dry-run",
                "iam-token-gc run --max-rows 1000000 --max-time 30min",
                "iam-token-gc run --only access_token,refresh_token --busy-share 0.2"};
    case Command::report:
        return {"iam-token-gc report", "iam-token-gc report --format html --output report.html",
                "iam-token-gc report --client portal --format mail"};
    case Command::why:
        return {"iam-token-gc why 4711", "iam-token-gc why 42 --target authentication_holder"};
    case Command::config_show:
        return {"iam-token-gc config show",
                "iam-token-gc config show --format json --config test.yaml"};
    }
    return {};
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

bool applies(const config::Key& key, Command command) {
    switch (command) {
    case Command::plan:
        return key.path != "metrics.file";
    case Command::run:
    case Command::config_show:
        return true;
    case Command::check:
        return starts_with_any(
            key.path, {"database.", "clock.", "targets.", "limits.scan_rows", "report.", "log."});
    case Command::report:
        return starts_with_any(
            key.path, {"database.", "grace", "limits.batch_time", "limits.max_time",
                       "throttle.busy_share", "throttle.rows_per_second", "throttle.window",
                       "throttle.full_speed", "flags.", "forecast.", "state.", "report.", "log."});
    case Command::why:
        return starts_with_any(key.path, {"database.", "grace", "orphans.", "report.", "log."});
    }
    return true;
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
    text += exit_codes() + "\nExamples:\n";
    for (const std::string_view example : examples(command)) {
        text += fmt::format("  {}\n", example);
    }
    return text;
}

std::string version_text() {
    return fmt::format("iam-token-gc {}\n", k_version);
}

}  // namespace cli
