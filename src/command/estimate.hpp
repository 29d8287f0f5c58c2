// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "gc/desk.hpp"

namespace command {

// What the statistics of the server say about the tables that the plan touches.
gc::Desk read_desk(db::SqlStore& store, const gc::Schema& schema, const gc::Plan& plan);

// Fills in the tally of `run`, whose plan is made, from statistics alone, and warns that it is a
// guess. Throws Error(usage) on SQLite, which keeps no statistics.
gc::Desk estimate(db::SqlStore& store, const gc::Schema& schema, gc::RunReport& run);

}  // namespace command
