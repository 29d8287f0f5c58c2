// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"
#include "config/setting.hpp"
#include "gc/policy.hpp"
#include "gc/target.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cli {

// What the command line asks for. The values of the overrides are not looked at yet; config::load
// does that.
struct Invocation {
    Command command = Command::check;
    bool dry_run = false;                          // run --dry-run, restore --dry-run
    bool yes = false;                              // run --yes
    bool yes_really = false;                       // run --yes-really
    bool estimate = false;                         // plan --estimate
    std::string plan_file{};                       // run --plan, plan --out; empty: none
    std::string run_id{};                          // restore --run; empty: every run
    std::string certificate{};                     // certificate verify FILE
    std::optional<gc::Id> id{};                    // why ID; always there for why
    gc::Target target = gc::Target::access_token;  // why --target
    std::string client{};                          // --client of report, restore, run, plan
    std::string config_file{};                     // --config; empty: not given
    std::vector<config::Override> overrides{};
    std::optional<std::string>
        text_and_exit{};  // print this and end with 0: --help, --version, --generate
};

// Reads the command line; throws Error(usage) with one sentence for anything it does not
// understand.
Invocation parse(int argc, const char* const* argv);

}  // namespace cli
