// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/setting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace config {

// What the environment says about the configuration.
struct Environment {
    std::optional<std::string> config_file{};  // IAM_TOKEN_GC_CONFIG
    std::string password{};                    // IAM_TOKEN_GC_DATABASE_PASSWORD
    std::vector<Setting> settings{};
};

// Picks the variables IAM_TOKEN_GC_... from "NAME=value" texts; throws Error(config) for one that
// is no key.
Environment read_environment(const std::vector<std::string>& variables);

// The "NAME=value" texts of this process.
std::vector<std::string> process_environment();

}  // namespace config
