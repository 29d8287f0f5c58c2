// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "report/state.hpp"

namespace command {

// The history in state.file, or an empty one; a file that is of no use is a warning in the log.
report::State load_history(const Context& context);

// Writes it there, if state.file is set. That it cannot be written is a warning, because a forecast
// is not worth the failure of a run.
void save_history(const Context& context, const report::State& state);

// Keeps what a run removed, unless it was a dry run or ended before it began.
void remember_run(const Context& context, const report::RunDocument& document);

}  // namespace command
