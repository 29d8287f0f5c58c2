// SPDX-License-Identifier: Apache-2.0
// The name of a JSON document without the library behind it, which takes two seconds to read: for
// headers that only pass one on.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace report {

// Keeps keys in the order in which a person wants to read them.
using Json = nlohmann::ordered_json;

}  // namespace report
