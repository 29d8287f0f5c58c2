// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "config/keys.hpp"

#include <optional>
#include <string>

namespace cli {

// True when the key changes what the command does; the others are accepted and have no effect.
bool applies(const config::Key& key, Command command);

// The help of a command, or of the whole program; no line is longer than 100 columns.
std::string help_text(std::optional<Command> command);

// "iam-token-gc 0.1.0".
std::string version_text();

}  // namespace cli
