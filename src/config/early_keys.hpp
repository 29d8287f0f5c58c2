// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <vector>

namespace config {

// The keys of the policies for tokens that have not expired.
void add_early_keys(std::vector<Key>& keys);

}  // namespace config
