// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace cli {

enum class Command {
    check,
    plan,
    run,
    report,
    why,
    archive_verify,
    restore,
    certificate_verify,
    config_show,
};

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
    CommandInfo{Command::plan, "plan", " [--out FILE]",
                "Say what a run would remove and why; never writes to the database"},
    CommandInfo{Command::run, "run", " [--dry-run] [--plan FILE]", "Remove garbage"},
    CommandInfo{Command::report, "report", " [--client ID]",
                "Show the tokens per client, whom to talk to, and where it is going"},
    CommandInfo{Command::why, "why", " ID [--target NAME]", "Explain the verdict on one row"},
    CommandInfo{Command::archive_verify, "archive verify", "",
                "Check that the archive of removed rows is whole and unaltered"},
    CommandInfo{Command::restore, "restore", " [--client ID] [--run ID] [--dry-run]",
                "Put rows of a full archive back with their ids, never over a row that exists"},
    CommandInfo{Command::certificate_verify, "certificate verify", " FILE",
                "Check that the certificate of a run is unaltered, and say what it certifies"},
    CommandInfo{
        Command::config_show, "config show", "",
        "Print the effective configuration with the origin of each value, without passwords"},
};

constexpr const CommandInfo& info_of(Command command) {
    for (const CommandInfo& info : k_commands) {
        if (info.command == command) {
            return info;
        }
    }
    return k_commands.front();
}

// What a command takes besides the settings.
struct OwnOption {
    std::string_view option{};
    std::string_view argument{};  // empty for a flag
    Command command = Command::run;
    std::string_view help{};
};

inline constexpr std::array k_own_options{
    OwnOption{"--dry-run", "", Command::run,
              "Do everything but the removals, and report the same numbers"},
    OwnOption{"--dry-run", "", Command::restore, "Say what would be put back, and write nothing"},
    OwnOption{"--yes", "", Command::run, "Remove without asking; only a terminal is ever asked"},
    OwnOption{"--estimate", "", Command::plan,
              "Read the statistics of the database and no rows: an answer at once, for any size"},
    OwnOption{"--client", "ID", Command::report,
              "Instead of the report, a letter to the owner of the client with that client_id, as "
              "text or mail"},
    OwnOption{"--client", "ID", Command::run,
              "Remove every token and code of the client with that client_id as well "
              "(purge_client); asks for --yes-really"},
    OwnOption{"--client", "ID", Command::plan,
              "Say what removing every token of the client with that client_id would take"},
    OwnOption{"--yes-really", "", Command::run,
              "Confirm that a client is to lose every token, live ones included"},
    OwnOption{"--target", "NAME", Command::why,
              "Table of the row (default access_token): access_token, refresh_token, "
              "authorization_code, device_code, authentication_holder, saved_user_auth, "
              "permission_ticket or permission"},
    OwnOption{"--plan", "FILE", Command::run,
              "Carry out this plan of plan --out and nothing else, or refuse (65)"},
    OwnOption{"--out", "FILE", Command::plan,
              "Write the plan to this file, for a run that is held to it"},
    OwnOption{"--client", "ID", Command::restore,
              "Only rows of the client with this OAuth client id, and what they point to"},
    OwnOption{"--run", "ID", Command::restore,
              "Only what this run removed (archive verify lists them)"},
};

}  // namespace cli
