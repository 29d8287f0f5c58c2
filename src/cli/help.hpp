// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "config/keys.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// True when the key changes what the command does; the command line refuses the others.
bool applies(const config::Key& key, Command command);

// The names of the commands to which the key or the option means something, in their order.
std::vector<std::string_view> commands_of(const config::Key& key);
std::vector<std::string_view> commands_of(const OwnOption& own);

// The headings of the options and the sections of the configuration that stand below them.
struct OptionSection {
    std::string_view title{};
    std::vector<std::string_view> sections{};
};
const std::vector<OptionSection>& option_sections();

// Command lines to begin with, for a command or for the whole program.
std::vector<std::string_view> examples(std::optional<Command> command);

// Every target, with commas between them.
std::string target_names();

// The help of a command, or of the whole program; no line is longer than 100 columns.
std::string help_text(std::optional<Command> command);

// "iam-token-gc 0.1.0".
std::string version_text();

}  // namespace cli
