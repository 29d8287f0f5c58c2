// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <vector>

namespace config {

// The keys of the sections archive, plan and certificate: what a run can be held to afterwards.
void add_contract_keys(std::vector<Key>& keys);

}  // namespace config
