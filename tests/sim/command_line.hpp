// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/run.hpp"
#include "sim/seed_plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// No errors, ledger intact.
inline constexpr int k_exit_ok = 0;
// The ledger is intact, but some requests failed.
inline constexpr int k_exit_errors = 1;
// Something that was promised is not there.
inline constexpr int k_exit_damaged = 2;
inline constexpr int k_exit_usage = 64;

enum class Command { seed, run, check };

struct CommandLine {
    Command command = Command::run;
    std::string database_url{};
    SeedSettings seed{};
    RunSettings run{};                 // its connections and grace also for the other commands
    std::vector<std::string> adopt{};  // ledgers to read
    std::string ledger{};              // ledger to write
    std::string json{};                // report to write
    std::int64_t windows_s = 0;
};

// Fills `result`, or returns the exit code when there is nothing more to do: help was shown, or the
// command line is wrong and stderr says how.
std::optional<int> parse_command_line(int argc, const char* const* argv, CommandLine& result);

}  // namespace sim
