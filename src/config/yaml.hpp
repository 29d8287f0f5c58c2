// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/setting.hpp"

#include <string>
#include <vector>

namespace config {

// Reads the settings of a configuration in YAML; `file` is its name in messages and origins. Throws
// Error(config) "FILE:LINE: ..." for anything that is not sections with known keys and one scalar
// each: an unknown key, a key given twice, an empty value, a list. Whether a value fits its key is
// not looked at.
std::vector<Setting> parse_yaml(const std::string& text, const std::string& file);

}  // namespace config
