// SPDX-License-Identifier: Apache-2.0
#include "gc/policy.hpp"

namespace gc {

namespace {

Verdict classify_orphan(const Candidate& candidate, Target target, const Policy& policy) {
    if (candidate.referenced) {
        return Verdict::keep_referenced;
    }
    if (needs_safe_point(target) && (!policy.safe_point || candidate.id > *policy.safe_point)) {
        return Verdict::keep_too_young;
    }
    return Verdict::collect;
}

}  // namespace

std::string_view name(Verdict verdict) {
    switch (verdict) {
    case Verdict::collect:
        return "collect";
    case Verdict::keep_never_expires:
        return "never_expires";
    case Verdict::keep_registration:
        return "registration";
    case Verdict::keep_not_expired:
        return "not_expired";
    case Verdict::keep_in_grace:
        return "in_grace";
    case Verdict::keep_referenced:
        return "referenced";
    case Verdict::keep_too_young:
        return "too_young";
    }
    return {};
}

Verdict classify(const Candidate& candidate, Target target, const Policy& policy) {
    if (!expires(target)) {
        return classify_orphan(candidate, target, policy);
    }
    if (!candidate.expiration) {
        return Verdict::keep_never_expires;
    }
    if (candidate.registration) {
        return Verdict::keep_registration;
    }
    if (*candidate.expiration > policy.now) {
        return Verdict::keep_not_expired;
    }
    if (*candidate.expiration > policy.cutoff) {
        return Verdict::keep_in_grace;
    }
    if (candidate.referenced) {
        return Verdict::keep_referenced;
    }
    return Verdict::collect;
}

}  // namespace gc
