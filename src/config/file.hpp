// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace config {

// The text of a file of at most 1 MiB, or nothing if it does not exist; throws Error(config) if it
// cannot be read.
std::optional<std::string> read_file(const std::string& path);

}  // namespace config
