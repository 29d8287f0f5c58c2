// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/requirements.hpp"
#include "gc/store.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace db {

// The statements of a target whose rows have an id; a null pointer where it has no such statement.
struct TargetQueries {
    const Statement* scan = nullptr;   // rows: id, expiration, client, parent
    const Statement* slice = nullptr;  // for orphans: where the next slice ends
    const Statement* find = nullptr;   // the same columns as scan
    const Statement* referenced = nullptr;
    const Statement* references = nullptr;
    const Statement* remove = nullptr;
    std::string_view parent = "NULL";  // column that points to the row it belongs to
    bool expires = false;              // remove wants the cut-off
    // Where {these} are looked for: columns that no step insists on an index for, or that no level
    // has one on (requirements.hpp).
    std::span<const gc::LookUp> these{};
};

// True when an index leads on each column that {these} are looked for in.
bool finds_these_by_index(const TargetQueries& queries, const gc::Schema& schema);

// Throws util::Error(software) for satellites and for targets keyed by text.
const TargetQueries& queries_of(gc::Target target);

// A moment of the database; none for NULL and for a zero date of MySQL, which is no moment. Throws
// util::Error(data).
std::optional<util::TimePoint> as_time(const Cell& cell);

// How long tokens of a client live; none for NULL, and for 0, which IAM and MITREid Connect take
// for none as well (iam-database.md 5.2).
std::optional<std::chrono::seconds> as_validity(const Cell& cell);

// A row of scan or find.
gc::Candidate as_candidate(const Row& row);

}  // namespace db
