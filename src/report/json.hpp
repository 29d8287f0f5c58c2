// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/removal_watch.hpp"
#include "report/document.hpp"
#include "report/json_fwd.hpp"

#include <nlohmann/json.hpp>

namespace report {

// The keys that every document starts with.
Json head_json(const Head& head);

// How many rows, and their smallest and largest id.
Json range_json(const gc::RowRange& range);

// Text of the document; bytes that are not UTF-8 are replaced, because names come from a database.
std::string dump(const Json& document);

}  // namespace report
