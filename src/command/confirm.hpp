// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>

namespace command {

// True when a person sits there: standard input and standard error are a terminal.
bool is_interactive();

// Asks the question on standard error and waits for a line; true for "y" or "yes" only, and false
// when a stop is requested first.
bool confirmed(const std::string& question, const std::stop_token& stop);

// For a run without the second confirmation, --yes-really: throws Error(usage) when a client is to
// lose every token.
void require_no_purge(const std::string& client);

}  // namespace command
