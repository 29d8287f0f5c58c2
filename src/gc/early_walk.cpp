// SPDX-License-Identifier: Apache-2.0
#include "gc/early_walk.hpp"

#include <limits>
#include <utility>

namespace gc {

std::optional<EarlyPolicy> JudgedToken::chosen_by() const {
    return !opinions.empty() && opinions.back().kept.empty() ? std::optional(opinions.back().policy)
                                                             : std::nullopt;
}

std::optional<Id> newest_of(Store& store, Target target, const EarlyNeeds& needs) {
    const TokenPage page = store.tokens_below(target, std::numeric_limits<Id>::max(), 1, needs);
    return page.tokens.empty() ? std::nullopt : std::optional(page.tokens.front().id);
}

EarlyWalk::EarlyWalk(const EarlyPlan& plan, Target target)
    : m_plan(plan), m_target(target), m_judge(plan, target) {
    if (const auto top = plan.top.find(target); top != plan.top.end()) {
        m_below = top->second + 1;
    }
}

void EarlyWalk::read(Store& store, std::int64_t rows) {
    TokenPage page = store.tokens_below(m_target, *m_below, rows, m_plan.needs());
    std::erase_if(page.tokens, [&](const TokenFacts& token) { return !m_judge.concerns(token); });
    if (!page.tokens.empty()) {
        store.describe_tokens(m_target, page.tokens, m_plan.needs());
    }
    m_page = std::move(page.tokens);
    m_below = page.below;
}

std::vector<JudgedToken> EarlyWalk::judge() {
    std::vector<JudgedToken> judged;
    judged.reserve(m_page.size());
    for (TokenFacts& token : std::exchange(m_page, {})) {
        std::vector<EarlyOpinion> opinions = m_judge.judge(token);
        judged.push_back({.facts = std::move(token), .opinions = std::move(opinions)});
    }
    return judged;
}

}  // namespace gc
