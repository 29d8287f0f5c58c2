// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace util {

// The bytes of a file; throws Error(io) when it cannot be read, in which `what` is the subject:
// "the plan /tmp/plan.json".
std::string read_file(const std::string& path, const std::string& what);

}  // namespace util
