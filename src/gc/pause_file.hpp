// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/health.hpp"

#include <string>

namespace gc {

// Whether somebody made the file that asks runs to wait: value 1 if so. A folder that cannot be
// looked into is a signal that could not be read.
Reading read_pause_file(const std::string& path);

}  // namespace gc
