// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <map>
#include <string>

namespace config {

// The settings that decide what is garbage, by key, as `config show` prints them: all but those
// that only say how fast, how long, how carefully or to whom.
std::map<std::string, std::string> deciding_settings(const Config& config);

// A SHA-256 over them.
std::string policy_fingerprint(const Config& config);

}  // namespace config
