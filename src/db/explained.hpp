// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/early.hpp"
#include "gc/schema.hpp"
#include "gc/target.hpp"

#include <string>
#include <string_view>

namespace db {

// The statement that removes rows of a target, for one id that no row has, and what the server says
// it would do; empty for targets without one. A server that does not want to tell leaves the second
// part with the reason. Nothing is removed.
struct Explained {
    std::string sql{};
    std::string text{};
};

// What stands before a statement to ask for its plan as rows; MySQL 9 shows a tree unless told
// otherwise.
std::string_view explain_words(Dialect dialect);

Explained explain_removal(Connection& connection, gc::Target target, const gc::Schema& schema);

// The same for what a policy chose before it expired.
Explained explain_removal(Connection& connection, gc::Target target, gc::EarlyPolicy policy,
                          const gc::EarlyPlan& plan);

// The same for the statement that reads a target page by page for the policies.
Explained explain_walk(Connection& connection, gc::Target target, const gc::EarlyPlan& plan);

}  // namespace db
