// SPDX-License-Identifier: Apache-2.0
#include "gc/idle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gc {

std::optional<util::TimePoint> IdleMemory::since(Id refresh_token) const {
    const auto found = std::ranges::lower_bound(tokens, refresh_token, {}, &IdleToken::id);
    return found != tokens.end() && found->id == refresh_token ? std::optional(found->since)
                                                               : std::nullopt;
}

std::string distrust(const IdleMemory& memory, const IdleProof& proof) {
    if (proof.shown == 0 && proof.top < memory.top) {
        return fmt::format(
            "the newest refresh token is {}, and there was a {} already, so the "
            "database is another or was put back",
            proof.top, memory.top);
    }
    if (10 * proof.erased > proof.shown || (proof.shown == 0 && proof.replaced > 2)) {
        return fmt::format(
            "of the access tokens that expired since the last run, {} vanished, {} of "
            "them without a trace, and {} are there, so somebody else cleans up and nothing shows "
            "when a refresh token was used",
            proof.erased + proof.replaced, proof.erased, proof.shown);
    }
    return {};
}

IdleMemory proved(const IdleMemory& memory, const IdleProof& proof) {
    if (!distrust(memory, proof).empty()) {
        return {.top = proof.top};
    }
    IdleMemory after = memory;
    after.top = proof.top;
    if (proof.shown > proof.replaced) {
        after.proved = proof.at;
    }
    return after;
}

IdleMemory remembered(const IdleMemory& memory, util::TimePoint at, std::vector<Id> idle) {
    IdleMemory after{.top = memory.top, .proved = memory.proved};
    std::ranges::sort(idle);
    after.tokens.reserve(idle.size());
    for (const Id id : idle) {
        after.tokens.push_back({.id = id, .since = memory.since(id).value_or(at)});
    }
    return after;
}

}  // namespace gc
