// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/setting.hpp"
#include "gc/target.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cli {

// What --skip and --only, each a list of "NAME,NAME" texts, set the keys targets.NAME to. Throws
// Error(usage) for an unknown name or when both are given.
std::vector<config::Override> target_overrides(const std::vector<std::string>& skip,
                                               const std::vector<std::string>& only);

// The target of `why --target`, access_token if it is not given; throws Error(usage) for an unknown
// name and for a target whose rows have no number.
gc::Target why_target(const std::optional<std::string>& name);

}  // namespace cli
