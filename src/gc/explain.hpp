// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/plan.hpp"
#include "gc/policy.hpp"

#include <string>

namespace gc {

// Pure: one sentence that names the rule behind a verdict, the figures it compared and what would
// change it (iam-database.md 6).
std::string explain(Verdict verdict, const Candidate& candidate, const PlannedTarget& planned);

}  // namespace gc
