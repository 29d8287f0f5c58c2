// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"

#include <string>

namespace report {

// Where the archive of a run is, and planned against removed; empty when there is neither.
std::string contract_text(const RunDocument& document);

}  // namespace report
