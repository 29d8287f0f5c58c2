// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace test {

struct ProgramResult {
    int exit_code = 0;
    std::string output{};  // stdout
    std::string log{};     // stderr
};

// Runs the shell command to its end.
ProgramResult run_command(const std::string& command);

// The word as a shell takes it literally.
std::string quoted(const std::string& word);

// Runs the program under test on a database, as a script would: the URL in the environment, no
// other setting from outside.
ProgramResult run_program(const std::string& database_url,
                          const std::vector<std::string>& arguments);

}  // namespace test
