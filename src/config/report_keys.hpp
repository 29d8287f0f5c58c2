// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"

#include <vector>

namespace config {

// The keys of the sections flags, forecast and state.
void add_flag_keys(std::vector<Key>& keys);
// Those of the section report that are for the command report alone.
void add_report_keys(std::vector<Key>& keys);

}  // namespace config
