// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace sim {

// Rows of some clients or users that somebody may take before they expire.
struct MayGo {
    enum class What {
        client,  // everything of these clients
        tokens,  // the access tokens of these clients
        plain,   // those of them without user and refresh token
        user,    // access and refresh tokens of these users
    };

    What what = What::client;
    int first = 0;
    int last = 0;
};

// Whether a row of the family may be taken.
inline bool concerns(const MayGo& may_go, const Family& family) {
    if (may_go.what == MayGo::What::user) {
        return family.user_auth && family.user_auth->user >= may_go.first &&
               family.user_auth->user <= may_go.last;
    }
    const bool plain = !family.user_auth && !family.refresh;
    return family.client >= may_go.first && family.client <= may_go.last &&
           (may_go.what != MayGo::What::plain || plain);
}

inline bool concerns(std::span<const MayGo> list, const Family& family) {
    return std::ranges::any_of(list, [&](const MayGo& may_go) { return concerns(may_go, family); });
}

// What stays promised: the family without the rows that may be taken, and the holder only as long
// as one of the others needs it.
inline Family without(Family family, std::span<const MayGo> list) {
    for (const MayGo& may_go : list) {
        if (!concerns(may_go, family)) {
            continue;
        }
        if (may_go.what == MayGo::What::client) {
            return {.client = family.client};
        }
        family.tokens.clear();
        if (may_go.what == MayGo::What::user) {
            family.refresh.reset();
        }
        if (is_gone(family)) {
            return {.client = family.client};
        }
    }
    return family;
}

}  // namespace sim
