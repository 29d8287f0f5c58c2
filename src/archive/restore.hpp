// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/reader.hpp"
#include "db/archive_rows.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace archive {

struct RestoreOptions {
    std::string client{};  // OAuth name; empty: everybody's rows
    bool dry_run = false;
};

struct Restored {
    std::map<std::string, std::int64_t> rows{};     // by table
    std::map<std::string, std::int64_t> refused{};  // rows whose key, or owner, exists already
    std::int64_t batches = 0;
};

// Puts the rows of full archives back with their ids: batches and their rows in the reverse of the
// order in which they were removed, which is parents before what points to them. A row that would
// collide stays out, with its satellites. Each batch is a transaction; stop() is asked between
// them. Throws Error(data) when an archive holds no values, is damaged or is of another database,
// or when the database refuses a row.
Restored restore(db::SqlStore& store, const std::string& folder, const std::string& run,
                 const RestoreOptions& options, const std::function<bool()>& stop);

}  // namespace archive
