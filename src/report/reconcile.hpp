// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/plan_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

// Pure: every target and satellite table of the plan. The reasons of a target add up to the
// difference: what vanished, what became live again, what was locked, what a limit left.
// `expired_since` tells how many access tokens expired after the plan's cut-off, if somebody
// counted.
std::vector<Reconciled> reconcile(const PlanFile& plan, const gc::RunReport& run,
                                  std::optional<std::int64_t> expired_since);

}  // namespace report
