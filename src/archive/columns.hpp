// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/archive_rows.hpp"
#include "gc/target.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace archive {

// What of a removed row is kept.
enum class Mode {
    ids,   // who, what and when, without any token value
    full,  // every column, values included
};

// The name in configuration and manifest: "ids" or "full".
std::string_view name(Mode mode);

// What is read of a target's rows. Without values that is the key, what it points to, the client,
// the user, the expiration and the hash, as far as this database has them (iam-database.md 1).
db::RowSet columns_of(gc::Target target, const gc::Schema& schema, Mode mode);

// The same for satellites: the owner alone, and the scopes of tokens; with values everything.
db::RowSet columns_of(const gc::Satellite& satellite, const gc::Schema& schema, Mode mode);

// Everything that a run with this mode reads, for the check of rights before it starts.
std::vector<db::RowSet> columns_needed(const gc::Schema& schema, Mode mode);

}  // namespace archive
