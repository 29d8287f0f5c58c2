// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/load.hpp"

#include <string>

namespace config {

// The effective configuration for `config show`, each value with its origin, passwords hidden.
// As text it is a configuration file in YAML with the origins as comments.
std::string show_text(const Loaded& loaded);

// {"schema_version": 1, "file": ..., "settings": {"limits.batch_size": {"value": 2000, "origin":
// "default"}, ...}}, ended by a line feed; file is null when none was read.
std::string show_json(const Loaded& loaded);

}  // namespace config
