// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/schema.hpp"
#include "gc/target.hpp"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace gc {

// A column that a step looks rows up by.
struct LookUp {
    std::string_view table;
    std::string_view column;
    bool small_by_nature =
        false;  // codes and UMA permissions: no level has an index there (iam-database.md 3.3)
};

// The columns a target's statements look rows up by.
std::span<const LookUp> look_ups_of(Target target);

// True when no index helps and the table is too big, or big by nature, to be read whole for every
// batch.
bool is_refused(const LookUp& look_up, const Schema& schema,
                const std::set<std::string>& big_tables);

// The statement a DBA would run; PostgreSQL builds it without blocking writers.
std::string create_index(std::string_view table, std::string_view column, const Schema& schema);

// A foreign key to the target's table from a table that this program does not know, or that no
// index supports.
std::optional<ForeignKey> unknown_reference(Target target, const Schema& schema);

// A sentence when the account sees some tables only, and so may miss such a foreign key; MariaDB
// and MySQL show no more than there is a right on.
std::optional<std::string> hidden_references(const Schema& schema);

}  // namespace gc
