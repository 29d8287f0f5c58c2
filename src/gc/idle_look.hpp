// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early_walk.hpp"
#include "gc/idle.hpp"
#include "gc/store.hpp"

#include <vector>

namespace gc {

// Looks at the refresh tokens for refresh_unused before anything is removed, because an access
// token that tells of a use is there until then. Plain reads, without locks; what throws
// util::Error can be called again.
class IdleLook {
public:
    // `top`: the highest id of a refresh token.
    IdleLook(util::TimePoint now, Id top) : m_now(now), m_top(top) {}

    // What became of the witnesses of the last look.
    IdleProof prove(Store& store, const IdleMemory& memory) const;
    // Every refresh token that has not expired has to be seen once.
    void see(const std::vector<JudgedToken>& refresh_tokens);
    // What is to be remembered, with witnesses for the next look.
    IdleMemory remember(Store& store, const IdleMemory& memory) const;

private:
    util::TimePoint m_now;
    Id m_top;
    std::vector<Id> m_idle{};
    std::vector<Id> m_used{};  // the newest with an access token
};

}  // namespace gc
