// SPDX-License-Identifier: Apache-2.0
#include "gc/early.hpp"

#include "gc/pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace gc {

namespace {

bool is_registration(const TokenFacts& token) {
    return std::ranges::any_of(token.scopes, [](const std::string& scope) {
        return scope == "registration-token" || scope == "resource-token";
    });
}

EarlyOpinion keep(EarlyPolicy policy, const char* word, std::string why) {
    return {.policy = policy, .kept = word, .why = std::move(why)};
}

EarlyOpinion take(EarlyPolicy policy, std::string why) {
    return {.policy = policy, .why = std::move(why)};
}

}  // namespace

std::string_view name(EarlyPolicy policy) {
    switch (policy) {
    case EarlyPolicy::purge_client:
        return "purge_client";
    case EarlyPolicy::revoked:
        return "revoked";
    case EarlyPolicy::deleted_client:
        return "deleted_client";
    case EarlyPolicy::deleted_user:
        return "deleted_user";
    case EarlyPolicy::refresh_unused:
        return "refresh_unused";
    case EarlyPolicy::unneeded:
        return "unneeded";
    case EarlyPolicy::quota:
        return "quota";
    case EarlyPolicy::drain:
        return "drain";
    }
    return {};
}

bool works_on(EarlyPolicy policy, Target target) {
    switch (policy) {
    case EarlyPolicy::purge_client:
        return target == Target::access_token || target == Target::refresh_token ||
               target == Target::authorization_code || target == Target::device_code;
    case EarlyPolicy::deleted_client:
    case EarlyPolicy::deleted_user:
        return target == Target::access_token || target == Target::refresh_token;
    case EarlyPolicy::refresh_unused:
        return target == Target::refresh_token;
    case EarlyPolicy::revoked:
    case EarlyPolicy::unneeded:
    case EarlyPolicy::quota:
    case EarlyPolicy::drain:
        return target == Target::access_token;
    }
    return false;
}

const EarlyClient* EarlyJudge::client_of(const TokenFacts& token) const {
    const auto found = m_plan.clients.find(token.client_id.value_or(0));
    return found == m_plan.clients.end() ? nullptr : &found->second;
}

bool EarlyJudge::is_listed(const TokenFacts& token, const std::vector<std::string>& clients) const {
    const EarlyClient* const client = client_of(token);
    return client != nullptr && std::ranges::any_of(clients, [&](const std::string& pattern) {
               return pattern == k_only_client_credentials
                          ? client->only_client_credentials
                          : fits(client->client_id, pattern) || fits(client->name, pattern);
           });
}

bool EarlyJudge::is_garbage_anyway(const TokenFacts& token) const {
    return token.expiration && *token.expiration <= m_plan.cutoff;
}

// What can be told without scopes and audiences.
bool EarlyJudge::is_meant(EarlyPolicy policy, const TokenFacts& token) const {
    if (!works_on(policy, m_target) || !m_plan.is_on(policy)) {
        return false;
    }
    const EarlySettings& settings = m_plan.settings;
    const bool live = !token.expiration || *token.expiration > m_plan.now;
    switch (policy) {
    case EarlyPolicy::purge_client: {
        const EarlyClient* const client = client_of(token);
        return client != nullptr && client->client_id == settings.purge_client;
    }
    case EarlyPolicy::revoked:
        return token.revoked;
    case EarlyPolicy::deleted_client:
        return token.client_id && !token.client_exists;
    case EarlyPolicy::deleted_user:
        return !token.user.empty() && !token.account_exists;
    case EarlyPolicy::unneeded:
        return live && is_listed(token, settings.unneeded.clients);
    case EarlyPolicy::quota:
        return live && token.client_id &&
               (settings.quota.clients.empty() || is_listed(token, settings.quota.clients));
    case EarlyPolicy::refresh_unused:
    case EarlyPolicy::drain:
        return true;
    }
    return false;
}

bool EarlyJudge::concerns(const TokenFacts& token) const {
    return !is_garbage_anyway(token) &&
           std::ranges::any_of(k_early_policies,
                               [&](EarlyPolicy policy) { return is_meant(policy, token); });
}

std::optional<EarlyOpinion> EarlyJudge::spared(EarlyPolicy policy, const TokenFacts& token) const {
    const SpareSettings& spare = m_plan.settings.spare;
    if (is_registration(token)) {
        return keep(policy, "registration",
                    "it has the scope registration-token or resource-token, which no policy may "
                    "touch");
    }
    if (is_listed(token, spare.clients)) {
        return keep(policy, "spared", "its client is in spare.clients");
    }
    if (!token.user.empty() && fits_any(token.user, spare.users)) {
        return keep(policy, "spared", "its user is in spare.users");
    }
    if (any_fits(token.scopes, spare.scopes)) {
        return keep(policy, "spared", "one of its scopes is in spare.scopes");
    }
    if (token.referenced) {
        return keep(policy, "referenced",
                    "an access token still refers to it; it can go when that is gone");
    }
    return std::nullopt;
}

std::vector<EarlyOpinion> EarlyJudge::judge(const TokenFacts& token) {
    std::vector<EarlyOpinion> opinions;
    if (is_garbage_anyway(token)) {
        return opinions;
    }
    for (const EarlyPolicy policy : k_early_policies) {
        if (!is_meant(policy, token)) {
            continue;
        }
        std::optional<EarlyOpinion> opinion = ask(policy, token);
        if (opinion && opinion->kept.empty()) {
            if (auto rather = spared(policy, token)) {
                opinion = std::move(rather);
            } else if (!m_plan.removes(policy)) {
                opinion->kept = "report_only";
                opinion->why += fmt::format(
                    "; {0} only reports, with {0}.mode set to remove it "
                    "would go",
                    name(policy));
            }
        }
        if (opinion) {
            opinions.push_back(std::move(*opinion));
            if (opinions.back().kept.empty()) {
                break;
            }
        }
    }
    return opinions;
}

std::optional<EarlyOpinion> EarlyJudge::ask(EarlyPolicy policy, const TokenFacts& token) {
    switch (policy) {
    case EarlyPolicy::purge_client:
        return take(policy, fmt::format("its client is {}, which is to lose every token and code "
                                        "(purge_client.client)",
                                        m_plan.settings.purge_client));
    case EarlyPolicy::revoked:
        return take(policy,
                    "its hash is in the list of revoked tokens (iam_revoked_at), and as "
                    "long as the row exists the server takes the token for valid");
    case EarlyPolicy::deleted_client:
        return take(policy, fmt::format("there is no client {}, so the server cannot use the token",
                                        token.client_id.value_or(0)));
    case EarlyPolicy::deleted_user:
        return take(policy,
                    "there is no account with the name of its user; an account that was "
                    "renamed has lost its name, too");
    case EarlyPolicy::refresh_unused:
        return ask_idle(token);
    case EarlyPolicy::unneeded:
        return ask_unneeded(token);
    case EarlyPolicy::quota:
        return ask_quota(token);
    case EarlyPolicy::drain:
        return ask_drain(token);
    }
    return std::nullopt;
}

std::optional<EarlyOpinion> EarlyJudge::ask_unneeded(const TokenFacts& token) const {
    constexpr EarlyPolicy policy = EarlyPolicy::unneeded;
    const UnneededSettings& settings = m_plan.settings.unneeded;
    const EarlyClient* const client = client_of(token);
    if (token.user_auth_id && !settings.with_user) {
        return keep(policy, "has_user", "it belongs to a user, and unneeded.with_user is false");
    }
    if (token.refresh_token_id && !settings.with_refresh_token) {
        return keep(policy, "has_refresh_token",
                    "it has a refresh token, and unneeded.with_refresh_token is false");
    }
    if (!token.expiration || !client->validity) {
        return keep(policy, "age_unknown",
                    "it or its client has no validity, so nothing tells when it was issued");
    }
    const util::TimePoint issued = *token.expiration - *client->validity;
    const std::string age = fmt::format(
        "it was issued at {} (its expiration {} minus the client's validity), and "
        "unneeded.age {}",
        util::format_time(issued), util::format_time(*token.expiration),
        util::format_duration(settings.age));
    if (issued > m_plan.now - settings.age) {
        return keep(policy, "too_young", age + " is not over yet");
    }
    if (!settings.scopes.empty() && !any_fits(token.scopes, settings.scopes)) {
        return keep(policy, "other_scope", "it has none of the scopes in unneeded.scopes");
    }
    if (any_fits(token.scopes, settings.spare_scopes)) {
        return keep(policy, "spared_scope", "one of its scopes is in unneeded.spare_scopes");
    }
    if (!settings.audiences.empty() && !any_fits(token.audiences, settings.audiences)) {
        return keep(policy, "other_audience", "it has none of the audiences in unneeded.audiences");
    }
    if (any_fits(token.audiences, settings.spare_audiences)) {
        return keep(policy, "spared_audience",
                    "one of its audiences is in unneeded.spare_audiences");
    }
    return take(policy, fmt::format("its client {} is in unneeded.clients, {} is over",
                                    client->client_id, age));
}

std::optional<EarlyOpinion> EarlyJudge::ask_quota(const TokenFacts& token) {
    constexpr EarlyPolicy policy = EarlyPolicy::quota;
    if (is_registration(token)) {
        return std::nullopt;
    }
    const QuotaSettings& settings = m_plan.settings.quota;
    const std::int64_t rank =
        ++m_live[{*token.client_id, settings.per_user ? token.user : std::string()}];
    const std::string figures = fmt::format(
        "it is number {} of the live tokens of its client{}, counted from the newest, and "
        "quota.tokens is {}",
        rank, settings.per_user ? " and user" : "", settings.tokens);
    return rank > settings.tokens ? take(policy, figures) : keep(policy, "within_quota", figures);
}

std::optional<EarlyOpinion> EarlyJudge::ask_drain(const TokenFacts& token) const {
    constexpr EarlyPolicy policy = EarlyPolicy::drain;
    if (!token.expiration) {
        return keep(policy, "never_expires", "it never expires, and drain waits for that");
    }
    const std::string expiration = util::format_time(*token.expiration);
    if (*token.expiration > m_plan.now) {
        return keep(policy, "not_expired",
                    fmt::format("it expires at {}, and drain waits for that", expiration));
    }
    return take(policy, fmt::format("it expired at {}, and drain gives no grace", expiration));
}

std::optional<EarlyOpinion> EarlyJudge::ask_idle(const TokenFacts& token) const {
    constexpr EarlyPolicy policy = EarlyPolicy::refresh_unused;
    const RefreshUnusedSettings& settings = m_plan.settings.refresh_unused;
    const std::string age = util::format_duration(settings.age);
    const util::TimePoint bound = m_plan.now - settings.age;
    const std::optional<util::TimePoint> since = settings.memory->since(token.id);
    if (token.referenced || !since) {
        return keep(policy, token.referenced ? "referenced" : "not_idle_for_long",
                    fmt::format("the last run that looked found it with an access token, or there "
                                "was none yet; refresh_unused.age {} begins when it has none",
                                age));
    }
    const std::string figures = fmt::format(
        "runs have found it without an access token since {}, and refresh_unused.age {}",
        util::format_time(*since), age);
    if (*since > bound) {
        return keep(policy, "not_idle_for_long", figures + " is not over yet");
    }
    if (!settings.memory->proved || *settings.memory->proved < m_plan.now - k_proof_lasts) {
        return keep(policy, "unproved",
                    figures +
                        " is over, but no run of the last three days saw that access tokens stay "
                        "until it looks, so a use may have left no trace");
    }
    return take(policy, figures + " is over");
}

bool EarlyCondition::holds(const std::optional<util::TimePoint>& expiration,
                           const std::optional<Id>& client) const {
    const bool same_time =
        expiration ? earliest && *expiration >= *earliest && *expiration <= *latest : never_expires;
    return same_time &&
           (clients.empty() || (client && std::ranges::binary_search(clients, *client)));
}

EarlyCondition condition_of(EarlyPolicy policy, const EarlyPlan& plan,
                            std::span<const TokenFacts> tokens) {
    EarlyCondition condition{.policy = policy};
    std::set<Id> clients;
    bool all_have_clients = true;
    for (const TokenFacts& token : tokens) {
        if (token.expiration) {
            condition.earliest =
                std::min(condition.earliest.value_or(*token.expiration), *token.expiration);
            condition.latest =
                std::max(condition.latest.value_or(*token.expiration), *token.expiration);
        } else {
            condition.never_expires = true;
        }
        if (token.client_id) {
            clients.insert(*token.client_id);
        } else {
            all_have_clients = false;
        }
    }
    if (all_have_clients) {
        condition.clients.assign(clients.begin(), clients.end());
    }
    if (policy == EarlyPolicy::unneeded) {
        condition.without_user = !plan.settings.unneeded.with_user;
        condition.without_refresh_token = !plan.settings.unneeded.with_refresh_token;
    }
    return condition;
}

}  // namespace gc
