// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/schema.hpp"

#include <string_view>

namespace test {

// INDIGO IAM at V121 on MariaDB: foreign keys, and an index behind each (iam-database.md 1 and 2).
gc::Schema iam_schema();

// MITREid Connect on PostgreSQL: no foreign keys and fewer indexes (iam-database.md 4).
gc::Schema mitreid_schema();

void drop_index(gc::Schema& schema, std::string_view table, std::string_view column);
void drop_column(gc::Schema& schema, std::string_view table, std::string_view column);

}  // namespace test
