// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "db/statement_text.hpp"
#include "gc/early.hpp"

#include <vector>

namespace db {

// A statement with what stands for its names and its placeholders.
struct EarlyStatement {
    const Statement* statement = nullptr;
    std::vector<Part> parts{};
    std::vector<Value> parameters{};
};

// What queries::early::tokens needs to read a target for the policies.
std::vector<Part> parts_of_tokens(gc::Target target, const gc::EarlyNeeds& needs);

// Removes those of the rows that still are what they were when a policy chose them.
EarlyStatement removal_of_chosen(Dialect dialect, gc::Target target, const std::vector<gc::Id>& ids,
                                 const gc::EarlyCondition& condition);

}  // namespace db
