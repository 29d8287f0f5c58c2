// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"

#include <string>

namespace report {

// How a run ended in one line, without a line feed.
std::string summary(const RunDocument& document);

// Overwrites a file that is there already, in place, because the termination message of a container
// is mounted and cannot be replaced. An empty path writes nothing; a failure is logged, not thrown:
// the report has said it all.
void write_summary(const std::string& path, const std::string& line) noexcept;

}  // namespace report
