// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/desk.hpp"
#include "gc/plan.hpp"

#include <string>

namespace db {

// What the server knows about its tables, and how it would walk the targets of the plan (EXPLAIN);
// reads no rows. On SQLite, which keeps no numbers, most of it stays empty.
gc::Desk read_desk(Connection& connection, const gc::Plan& plan, const gc::Schema& schema);

// Pure: "at_exp_idx" or "the whole table" from the answer to EXPLAIN.
std::string access_of(Dialect dialect, const Rows& explained);

// Pure: how many rows the server expects, from the same answer.
std::int64_t expected_rows(Dialect dialect, const Rows& explained);

}  // namespace db
