// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/run.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <ostream>

namespace sim {

// Everything a run saw, for programs. Times are milliseconds. `windows_s` cuts issuance into
// windows of so many seconds; 0: none.
nlohmann::json run_report(const RunSettings& settings, const RunResult& result,
                          std::int64_t windows_s);

// The result of a check by itself.
nlohmann::json check_report(const CheckResult& check);

// The same for people.
void print_run(std::ostream& out, const nlohmann::json& report);
void print_check(std::ostream& out, const nlohmann::json& report);

}  // namespace sim
