// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/schema.hpp"

#include <string>

namespace gc {

// Pure: a SHA-256 over tables, columns, indexed columns and foreign keys with their delete rules.
// Two databases with the same one let a plan do the same.
std::string fingerprint(const Schema& schema);

}  // namespace gc
