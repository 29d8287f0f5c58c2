// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <vector>

namespace config {

// The keys of the section database.
void add_database_keys(std::vector<Key>& keys);

}  // namespace config
