// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"
#include "report/json_fwd.hpp"

#include <string>

namespace report {

// The DBA's part of a plan: shares, access, foreign keys, time, log volume, space and a runbook.
std::string desk_text(const DeskNote& note, const gc::Tally& tally);

// The same for the key "desk".
Json desk_json(const DeskNote& note, const gc::Tally& tally);

}  // namespace report
