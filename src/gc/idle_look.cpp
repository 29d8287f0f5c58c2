// SPDX-License-Identifier: Apache-2.0
#include "gc/idle_look.hpp"

#include <unordered_set>

namespace gc {

namespace {

// So many refresh tokens are asked for access tokens, and so many of those are remembered.
constexpr std::size_t k_used = 500;
constexpr std::int64_t k_witnesses = 200;

std::unordered_set<Id> as_set(const std::vector<Id>& ids) {
    return {ids.begin(), ids.end()};
}

}  // namespace

IdleProof IdleLook::prove(Store& store, const IdleMemory& memory) const {
    IdleProof proof{.at = m_now, .top = m_top};
    std::vector<Id> access_tokens;
    std::vector<Id> refresh_tokens;
    std::vector<TokenFacts> facts;
    for (const IdleWitness& witness : memory.witnesses) {
        access_tokens.push_back(witness.access_token);
        refresh_tokens.push_back(witness.refresh_token);
        facts.push_back({.id = witness.refresh_token});
    }
    if (access_tokens.empty()) {
        return proof;
    }
    const auto there = as_set(store.existing(Target::access_token, access_tokens));
    const auto known = as_set(store.existing(Target::refresh_token, refresh_tokens));
    store.describe_tokens(Target::refresh_token, facts, {});
    std::unordered_set<Id> used;
    for (const TokenFacts& token : facts) {
        if (token.referenced) {
            used.insert(token.id);
        }
    }
    for (const IdleWitness& witness : memory.witnesses) {
        if (witness.expiration > m_now) {
            continue;
        }
        if (there.contains(witness.access_token)) {
            ++proof.shown;
        } else if (known.contains(witness.refresh_token) && !used.contains(witness.refresh_token)) {
            ++proof.erased;
        } else {
            ++proof.replaced;
        }
    }
    return proof;
}

void IdleLook::see(const std::vector<JudgedToken>& refresh_tokens) {
    for (const JudgedToken& token : refresh_tokens) {
        if (!token.facts.referenced) {
            m_idle.push_back(token.facts.id);
        } else if (m_used.size() < k_used) {
            m_used.push_back(token.facts.id);
        }
    }
}

IdleMemory IdleLook::remember(Store& store, const IdleMemory& memory) const {
    IdleMemory after = remembered(memory, m_now, m_idle);
    if (!m_used.empty()) {
        after.witnesses = store.live_tokens_of(m_used, m_now, k_witnesses);
    }
    return after;
}

}  // namespace gc
