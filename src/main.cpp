// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "command/commands.hpp"
#include "config/load.hpp"
#include "report/output.hpp"
#include "util/error.hpp"
#include "util/log.hpp"
#include "util/stop.hpp"

#include <unistd.h>

#include <exception>
#include <string>
#include <vector>

namespace {

std::vector<std::string> environment_variables() {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    return variables;
}

int run(int argc, char** argv) {
    util::fill_standard_descriptors();
    const util::Signals signals;
    const cli::Invocation invocation = cli::parse(argc, argv);
    if (invocation.text_and_exit) {
        report::Output("").finish(*invocation.text_and_exit);
        return 0;
    }
    const config::Loaded loaded = config::load({.file = invocation.config_file,
                                                .environment = environment_variables(),
                                                .overrides = invocation.overrides});
    util::configure_log(loaded.config.log.level, loaded.config.log.format == config::Format::json);
    return command::dispatch({.invocation = invocation, .loaded = loaded, .signals = signals});
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const util::Error& error) {
        util::log_error("{}", error.what());
        return util::exit_code(error.kind());
    } catch (const std::exception& error) {
        util::log_error("unexpected failure, please report it: {}", error.what());
        return util::exit_code(util::ErrorKind::software);
    }
}
