// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <vector>

namespace config {

// The keys of the sections throttle and safety.
void add_throttle_keys(std::vector<Key>& keys);
void add_safety_keys(std::vector<Key>& keys);

}  // namespace config
