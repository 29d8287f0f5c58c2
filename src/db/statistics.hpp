// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/desk.hpp"

#include <string>
#include <vector>

namespace db {

// What the server knows about its tables, and how it would walk these targets to the rows that
// expired at that moment or before (EXPLAIN); reads no rows. On SQLite, which keeps no numbers,
// most of it stays empty.
gc::Desk read_desk(Connection& connection, const std::vector<gc::Target>& targets,
                   util::TimePoint cutoff, const gc::Schema& schema);

// Pure: "at_exp_idx" or "the whole table" from the answer to EXPLAIN.
std::string access_of(Dialect dialect, const Rows& explained);

// Pure: how many rows the server expects, from the same answer.
std::int64_t expected_rows(Dialect dialect, const Rows& explained);

}  // namespace db
