// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"

namespace command {

// Each returns the exit code (architecture.md, table of exit codes) or throws util::Error.

// Whether the program can work on this database, and what to change if not.
int check(const Context& context);
// What a run would remove: a dry run without limits.
int plan(const Context& context);
// Removes garbage, or with --dry-run says what it would remove.
int run(const Context& context);
// Tokens per client.
int report(const Context& context);
// The verdict on one row.
int why(const Context& context);
// Whether the archive of removed rows is whole.
int archive_verify(const Context& context);
// Puts rows of a full archive back.
int restore(const Context& context);
// Whether a certificate is unaltered.
int certificate_verify(const Context& context);
// The effective configuration.
int config_show(const Context& context);

// The one that the command line asked for.
int dispatch(const Context& context);

}  // namespace command
