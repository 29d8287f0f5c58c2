// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/early_settings.hpp"
#include "gc/schema.hpp"
#include "gc/target.hpp"
#include "util/time.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gc {

// Policies that choose tokens before they expire (iam-database.md 6), in the order in which they
// are asked: the first that chooses a token counts it.
enum class EarlyPolicy {
    purge_client,
    revoked,
    deleted_client,
    deleted_user,
    refresh_unused,
    unneeded,
    quota,
    drain,
};

inline constexpr std::array k_early_policies{
    EarlyPolicy::purge_client, EarlyPolicy::revoked,        EarlyPolicy::deleted_client,
    EarlyPolicy::deleted_user, EarlyPolicy::refresh_unused, EarlyPolicy::unneeded,
    EarlyPolicy::quota,        EarlyPolicy::drain,
};

// The name in configuration, reports, archives and JSON.
std::string_view name(EarlyPolicy policy);

// True when the policy chooses rows of that target.
bool works_on(EarlyPolicy policy, Target target);

// In a list of clients: every client that can do nothing but client_credentials.
inline constexpr std::string_view k_only_client_credentials = "@client_credentials";

// A client as the policies see it.
struct EarlyClient {
    std::string client_id{};
    std::string name{};
    std::optional<std::chrono::seconds> validity{};  // of access tokens; none: they never expire
    bool only_client_credentials = false;
};

// What the policies look at in a token; never a value of it.
struct TokenFacts {
    Id id = 0;
    std::optional<util::TimePoint> expiration{};
    std::optional<Id> client_id{};
    std::optional<Id> holder_id{};
    std::optional<Id> refresh_token_id{};
    std::optional<Id> user_auth_id{};
    std::string user{};
    bool client_exists = false;
    bool account_exists = false;  // an account with that user's name
    bool revoked = false;         // its hash is in the list of revoked tokens
    bool referenced = false;      // an access token refers to this refresh token
    std::vector<std::string> scopes{};
    std::vector<std::string> audiences{};
};

// What has to be read for the policies besides the token itself.
struct EarlyNeeds {
    bool accounts = false;
    bool revocations = false;
    bool audiences = false;
    bool scopes_of_refresh_tokens = false;
};

// A part of a table, walked from the newest row down.
struct TokenPage {
    std::vector<TokenFacts> tokens{};
    std::optional<Id> below{};  // where the next page begins; none: this was the last
};

// The policies of one run and what they know of clients.
struct EarlyPlan {
    EarlySettings settings{};
    std::map<Id, EarlyClient> clients{};
    util::TimePoint now{};
    util::TimePoint cutoff{};                         // what expired up to here goes anyway
    std::map<EarlyPolicy, std::string> impossible{};  // and why
    std::map<Target, Id> top{};  // highest id at the start; newer tokens are not looked at

    bool is_on(EarlyPolicy policy) const;
    // True when some policy looks at rows of this target.
    bool concerns(Target target) const;
    EarlyNeeds needs() const;
    // False for a policy that only says what it would remove.
    bool removes(EarlyPolicy policy) const;
};

// What one policy says about one token.
struct EarlyOpinion {
    EarlyPolicy policy = EarlyPolicy::quota;
    std::string kept{};  // empty: the token goes; else a word for reports
    std::string why{};   // one sentence with the figures and what would change it
};

// Pure: the conditions under which chosen tokens are still what they were when they were chosen;
// the statement that removes them restates these.
struct EarlyCondition {
    EarlyPolicy policy = EarlyPolicy::quota;
    std::optional<util::TimePoint> earliest{};  // expirations; none: no row has one
    std::optional<util::TimePoint> latest{};
    bool never_expires = false;  // a row may have no expiration
    std::vector<Id> clients{};   // in ascending order
    bool without_user = false;
    bool without_refresh_token = false;

    // True when a row that was read again still meets what of this can be told from it.
    bool holds(const std::optional<util::TimePoint>& expiration,
               const std::optional<Id>& client) const;
};

EarlyCondition condition_of(EarlyPolicy policy, const EarlyPlan& plan,
                            std::span<const TokenFacts> tokens);

// Judges the tokens of one table, which must come from the newest down, because the newest of a
// client are those that stay within its quota. Pure but for the counting that takes.
class EarlyJudge {
public:
    // The plan must outlive it.
    EarlyJudge(const EarlyPlan& plan, Target target) : m_plan(plan), m_target(target) {}

    // False when no policy can choose the token, whatever its scopes and audiences are.
    bool concerns(const TokenFacts& token) const;

    // What each policy that is meant for the token says, up to the first that chooses it.
    std::vector<EarlyOpinion> judge(const TokenFacts& token);

private:
    std::optional<EarlyOpinion> ask(EarlyPolicy policy, const TokenFacts& token);
    std::optional<EarlyOpinion> ask_unneeded(const TokenFacts& token) const;
    std::optional<EarlyOpinion> ask_quota(const TokenFacts& token);
    std::optional<EarlyOpinion> ask_drain(const TokenFacts& token) const;
    std::optional<EarlyOpinion> ask_idle(const TokenFacts& token) const;
    bool is_meant(EarlyPolicy policy, const TokenFacts& token) const;
    bool is_garbage_anyway(const TokenFacts& token) const;
    // Why no policy may touch it; nothing when one may.
    std::optional<EarlyOpinion> spared(EarlyPolicy policy, const TokenFacts& token) const;
    const EarlyClient* client_of(const TokenFacts& token) const;
    bool is_listed(const TokenFacts& token, const std::vector<std::string>& clients) const;

    const EarlyPlan& m_plan;
    Target m_target;
    std::map<std::pair<Id, std::string>, std::int64_t> m_live{};  // by client and user
};

// Pure: why this database cannot answer a policy that is on; the reason by policy.
std::map<EarlyPolicy, std::string> impossible_policies(const EarlySettings& settings,
                                                       const Schema& schema);

}  // namespace gc
