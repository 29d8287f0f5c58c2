// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"
#include "config/show.hpp"
#include "config/values.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

namespace command {

namespace {

void require_known_format(const Context& context) {
    const config::ReportFormat format = context.config().report.format;
    if (context.invocation.command != cli::Command::report &&
        format != config::ReportFormat::text && format != config::ReportFormat::json) {
        throw util::Error(util::ErrorKind::config,
                          fmt::format("report.format: {} is written by the command report only; "
                                      "choose text or json",
                                      config::print_choice(format, config::k_report_formats)));
    }
}

}  // namespace

int config_show(const Context& context) {
    print(context, wants_json(context) ? config::show_json(context.loaded)
                                       : config::show_text(context.loaded));
    return 0;
}

int dispatch(const Context& context) {
    require_known_format(context);
    const cli::Command command = context.invocation.command;
    // An archive and a certificate can be looked at where there is no database.
    if (command != cli::Command::config_show && command != cli::Command::archive_verify &&
        command != cli::Command::certificate_verify) {
        config::require_database(context.config());
    }
    switch (context.invocation.command) {
    case cli::Command::check:
        return check(context);
    case cli::Command::plan:
        return plan(context);
    case cli::Command::run:
        return run(context);
    case cli::Command::report:
        return report(context);
    case cli::Command::why:
        return why(context);
    case cli::Command::archive_verify:
        return archive_verify(context);
    case cli::Command::restore:
        return restore(context);
    case cli::Command::certificate_verify:
        return certificate_verify(context);
    case cli::Command::config_show:
        return config_show(context);
    }
    return 70;
}

}  // namespace command
