// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "gc/collector.hpp"

namespace command {

// Lets the run open the sessions of more workers than one, unless its own session works alone,
// which the log explains when `workers` says otherwise; and lets it ask the watch, if there is one,
// whether any of them blocks others. Context and watch must outlive the environment.
void add_sessions(gc::Environment& environment, const Context& context, bool dry_run,
                  db::BlockingWatch* watch);

}  // namespace command
