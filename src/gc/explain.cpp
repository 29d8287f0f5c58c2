// SPDX-License-Identifier: Apache-2.0
#include "gc/explain.hpp"

#include <fmt/format.h>

namespace gc {

namespace {

std::string orphan_text(Verdict verdict, const Candidate& candidate, const PlannedTarget& planned) {
    if (verdict == Verdict::collect) {
        return planned.policy.safe_point
                   ? fmt::format(
                         "nothing refers to it, and its id {} is not above the safe point {}",
                         candidate.id, *planned.policy.safe_point)
                   : std::string("nothing refers to it");
    }
    return planned.policy.safe_point
               ? fmt::format(
                     "its id {} is above the safe point {}, so it may be part of a login that is "
                     "going on; "
                     "wait until a newer token or code has expired longer than orphans.margin ago",
                     candidate.id, *planned.policy.safe_point)
               : std::string(
                     "there is no safe point yet, so it may be part of a login that is going on");
}

}  // namespace

std::string explain(Verdict verdict, const Candidate& candidate, const PlannedTarget& planned) {
    if (!expires(planned.target) && verdict != Verdict::keep_referenced) {
        return orphan_text(verdict, candidate, planned);
    }
    const std::string expiration =
        candidate.expiration ? util::format_time(*candidate.expiration) : "";
    switch (verdict) {
    case Verdict::collect:
        return fmt::format("it expired at {}, which is not after the cut-off {}", expiration,
                           util::format_time(planned.policy.cutoff));
    case Verdict::keep_never_expires:
        return "it has no expiration, so it never expires: a registration token, a resource token "
               "or a token of a "
               "client without a validity";
    case Verdict::keep_registration:
        return "it has the scope registration-token or resource-token, which clients need to "
               "manage their "
               "registration, whatever its expiration";
    case Verdict::keep_not_expired:
        return fmt::format("it expires at {}, after now ({})", expiration,
                           util::format_time(planned.policy.now));
    case Verdict::keep_in_grace:
        return fmt::format(
            "it expired at {}, but the grace is not over before that moment is at or before the "
            "cut-off ({} now)",
            expiration, util::format_time(planned.policy.cutoff));
    case Verdict::keep_referenced:
        return planned.target == Target::refresh_token
                   ? "an access token that is not garbage still refers to it"
                   : "another row still refers to it";
    case Verdict::keep_too_young:
        return orphan_text(verdict, candidate, planned);
    }
    return {};
}

}  // namespace gc
