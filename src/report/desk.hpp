// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/desk.hpp"
#include "gc/settings.hpp"

#include <string>

namespace report {

// The DBA's part of a plan: shares, access, foreign keys, time, log volume, space and a runbook.
std::string desk_text(const gc::Desk& desk, const gc::Tally& tally,
                      const gc::ThrottleSettings& throttle);

// A document of the program with the same as its key "desk".
std::string with_desk(const std::string& document, const gc::Desk& desk, const gc::Tally& tally,
                      const gc::ThrottleSettings& throttle);

}  // namespace report
