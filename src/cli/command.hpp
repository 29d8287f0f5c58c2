// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace cli {

enum class Command { check, plan, run, report, why, config_show };

struct CommandInfo {
    Command command = Command::check;
    std::string_view name{};      // as it is written
    std::string_view argument{};  // what follows the name, for the usage line
    std::string_view summary{};   // what it does, without the full stop
};

// Every command, in the order in which a newcomer needs them.
inline constexpr std::array k_commands{
    CommandInfo{Command::check, "check", "",
                "Say whether the program can work on this database, and what to change if not"},
    CommandInfo{Command::plan, "plan", "",
                "Say what a run would remove and why; never writes to the database"},
    CommandInfo{Command::run, "run", " [--dry-run]", "Remove garbage"},
    CommandInfo{Command::report, "report", " [--client ID]",
                "Show the tokens per client, whom to talk to, and where it is going"},
    CommandInfo{Command::why, "why", " ID [--target NAME]", "Explain the verdict on one row"},
    CommandInfo{
        Command::config_show, "config show", "",
        "Print the effective configuration with the origin of each value, without passwords"},
};

}  // namespace cli
