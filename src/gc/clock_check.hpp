// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/settings.hpp"
#include "gc/store.hpp"
#include "util/time.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace gc {

enum class ClockState {
    plausible,
    unknown,  // too few tokens that tell when they were issued
    shifted,  // the newest tokens seem to come from another time zone
    ignored,  // shifted, but clock.ignore is set
};

std::string_view name(ClockState state);

struct ClockFinding {
    ClockState state = ClockState::unknown;
    std::chrono::minutes shift{
        0};  // the database's now minus the newest issue time, rounded to the zone it suggests
    std::string text{};  // one sentence for a person
};

// Pure: compares when the newest tokens were issued (expiration minus the client's validity) with
// now. A difference of more than the tolerance that is a whole number of half hours up to 14 hours,
// within the tolerance, is what a wrong time zone looks like (iam-database.md 4: Connector/J 5.1
// and pgjdbc write the JVM's wall clock); other differences are a quiet server or a changed
// validity. Three tokens have to agree, and none may be fresh.
ClockFinding check_clock(const std::vector<IssuedToken>& newest, util::TimePoint now,
                         const ClockSettings& settings);

// Throws Error(data) when the finding is `shifted`.
void require_plausible(const ClockFinding& finding);

}  // namespace gc
