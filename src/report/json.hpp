// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"

#include <nlohmann/json.hpp>

namespace report {

// Keeps keys in the order in which a person wants to read them.
using Json = nlohmann::ordered_json;

// The keys that every document starts with.
Json head_json(const Head& head);

// Text of the document; bytes that are not UTF-8 are replaced, because names come from a database.
std::string dump(const Json& document);

}  // namespace report
