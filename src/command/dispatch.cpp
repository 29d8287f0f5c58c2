// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"
#include "config/show.hpp"

namespace command {

int config_show(const Context& context) {
    print(context, wants_json(context) ? config::show_json(context.loaded)
                                       : config::show_text(context.loaded));
    return 0;
}

int dispatch(const Context& context) {
    if (context.invocation.command != cli::Command::config_show) {
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
    case cli::Command::config_show:
        return config_show(context);
    }
    return 70;
}

}  // namespace command
