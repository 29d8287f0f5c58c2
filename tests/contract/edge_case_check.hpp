// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/run_report.hpp"
#include "support/edge_cases.hpp"
#include "support/workbench.hpp"

#include <functional>
#include <string_view>

namespace contract {

// Looks at the report of a run on one ground, after the rows were checked.
using Look = std::function<void(const gc::RunReport& report, const test::Scene& scene)>;

// Rows in a batch at most, in the runs of check_edge_case.
constexpr std::int64_t k_batch_size = 10;

// Writes the case, alone, into an empty database of every ground where it is possible, and checks
// that a dry run changes nothing, that a run removes exactly the rows the case names and that both
// say so.
void check_edge_case(std::string_view name, const Look& look = {});

}  // namespace contract
