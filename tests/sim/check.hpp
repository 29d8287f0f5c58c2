// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"
#include "sim/session.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct CheckResult {
    std::int64_t families = 0;
    std::int64_t rows = 0;               // promised rows, satellites included
    std::vector<std::string> damages{};  // one sentence each, the first thousand
    std::int64_t damage_count = 0;

    bool intact() const { return damage_count == 0; }
};

// Compares what was promised with what the database has: every row exists, refers to what it has to
// refer to, and has exactly as many satellites as promised. `families` hold only what is still
// promised at this time.
CheckResult check_families(Session& session, const std::vector<Family>& families);

}  // namespace sim
