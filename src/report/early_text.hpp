// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"
#include "report/json_fwd.hpp"

#include <string>
#include <vector>

namespace report {

// What the policies for tokens that have not expired did or would do, and what that means for the
// holders of such tokens; empty when all are off.
std::string early_text(const RunDocument& document);

// The same as JSON, by policy and target; only call it when some policy is on.
Json early_json(const RunDocument& document);

// One log record for each policy and target (event "policy").
void log_early(const RunDocument& document);

}  // namespace report
