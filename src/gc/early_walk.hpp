// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early.hpp"
#include "gc/store.hpp"

#include <optional>
#include <vector>

namespace gc {

// A token with what the policies say about it.
struct JudgedToken {
    TokenFacts facts{};
    std::vector<EarlyOpinion> opinions{};

    // The policy that chose it; nothing when it stays.
    std::optional<EarlyPolicy> chosen_by() const;
};

// The highest id of a target's rows; nothing when there is none.
std::optional<Id> newest_of(Store& store, Target target, const EarlyNeeds& needs);

// Walks the tokens of a table from the newest that the plan knows down to the oldest, page by page,
// and judges those that a policy is meant for.
class EarlyWalk {
public:
    // Both must outlive it.
    EarlyWalk(const EarlyPlan& plan, Target target);

    bool done() const { return !m_below; }

    // Reads the next page: a bounded series of plain reads, without locks. Throws util::Error, and
    // can be called again then.
    void read(Store& store, std::int64_t rows);
    // Judges the page that was read last; call it once for each.
    std::vector<JudgedToken> judge();

private:
    const EarlyPlan& m_plan;
    Target m_target;
    EarlyJudge m_judge;
    std::optional<Id> m_below{};
    std::vector<TokenFacts> m_page{};
};

}  // namespace gc
