// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early.hpp"
#include "gc/target.hpp"
#include "util/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gc {

// A row the scan returned, with what classify needs to know about it.
struct Candidate {
    Id id = 0;
    std::string key{};  // primary key where it is text (iam_revoked_at, SPRING_SESSION), else empty
    std::optional<util::TimePoint> expiration{};
    std::optional<Id> client_id{};  // client_details.id; the client's own key, not its OAuth name
    std::optional<Id> parent_id{};  // its holder, or the user authentication of a holder
    bool registration = false;      // has a scope registration-token or resource-token
    bool referenced = false;        // a row that is not garbage refers to it
};

// What classify says about a candidate, and why.
enum class Verdict {
    collect,
    keep_never_expires,
    keep_registration,
    keep_not_expired,
    keep_in_grace,
    keep_referenced,
    keep_too_young,
};

// The name of a verdict in reports and JSON: "never_expires", "in_grace", ...
std::string_view name(Verdict verdict);

// Moments and safe points of one run; nothing here changes while it runs.
struct Policy {
    util::TimePoint now{};
    util::TimePoint cutoff{};  // now minus grace
    std::optional<Id>
        safe_point{};  // highest id that is old enough to be judged an orphan; none: nothing is
    // Set for tokens that a policy chose before they expired.
    std::optional<EarlyCondition> early{};
};

// True for targets that expire; the others are garbage when nothing refers to them.
constexpr bool expires(Target target) {
    return target != Target::authentication_holder && target != Target::saved_user_auth &&
           target != Target::satellite && target != Target::permission;
}

// True for targets whose orphans must be older than a safe point (iam-database.md 6, rule 4 and 5).
constexpr bool needs_safe_point(Target target) {
    return target == Target::authentication_holder || target == Target::saved_user_auth;
}

// Pure: the same candidate, target and policy always give the same verdict. The rules are
// iam-database.md 6.
Verdict classify(const Candidate& candidate, Target target, const Policy& policy);

}  // namespace gc
