// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "command/commands.hpp"
#include "config/environment.hpp"
#include "config/load.hpp"
#include "report/output.hpp"
#include "report/summary.hpp"
#include "util/error.hpp"
#include "util/log.hpp"
#include "util/process.hpp"
#include "util/stop.hpp"

#include <exception>

namespace {

// The log as configured, but for --quiet, which leaves nothing below a warning.
util::LogLevel log_level(const config::Config& config) {
    return config.report.quiet && config.log.level > util::LogLevel::warning
               ? util::LogLevel::warning
               : config.log.level;
}

int run(int argc, char** argv) {
    util::fill_standard_descriptors();
    util::forbid_core_dumps();
    const util::Signals signals;
    const cli::Invocation invocation = cli::parse(argc, argv);
    if (invocation.text_and_exit) {
        report::Output("").finish(*invocation.text_and_exit);
        return 0;
    }
    const config::Loaded loaded = config::load({.file = invocation.config_file,
                                                .environment = config::process_environment(),
                                                .overrides = invocation.overrides});
    util::configure_log(log_level(loaded.config), loaded.config.log.format == config::Format::json);
    if (!loaded.file.empty()) {
        util::log_debug("settings read from {}", loaded.file);
    }
    try {
        return command::dispatch({.invocation = invocation, .loaded = loaded, .signals = signals});
    } catch (const std::exception& error) {
        report::write_summary(loaded.config.report.summary_file, error.what());
        throw;
    }
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
