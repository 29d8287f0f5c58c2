// SPDX-License-Identifier: Apache-2.0
// Which policies are on, what they need, and what a database cannot tell them.
#include "gc/early.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gc {

namespace {

std::optional<EarlyMode> mode_of(EarlyPolicy policy, const EarlySettings& settings) {
    switch (policy) {
    case EarlyPolicy::revoked:
        return settings.revoked;
    case EarlyPolicy::deleted_client:
        return settings.deleted_client;
    case EarlyPolicy::deleted_user:
        return settings.deleted_user;
    case EarlyPolicy::drain:
        return settings.drain;
    case EarlyPolicy::purge_client:
    case EarlyPolicy::refresh_unused:
    case EarlyPolicy::unneeded:
    case EarlyPolicy::quota:
        break;
    }
    return std::nullopt;
}

bool is_wanted(EarlyPolicy policy, const EarlySettings& settings) {
    if (const auto mode = mode_of(policy, settings)) {
        return *mode != EarlyMode::off;
    }
    switch (policy) {
    case EarlyPolicy::purge_client:
        return !settings.purge_client.empty();
    case EarlyPolicy::refresh_unused:
        return settings.refresh_unused.age.count() > 0;
    case EarlyPolicy::unneeded:
        return !settings.unneeded.clients.empty();
    case EarlyPolicy::quota:
        return settings.quota.tokens > 0;
    default:
        return false;
    }
}

std::string lacking(const Schema& schema, std::string_view table, std::string_view column) {
    return schema.has_column(table, column)
               ? std::string()
               : fmt::format("this database has no {}.{}, or the account has no right on it", table,
                             column);
}

}  // namespace

bool EarlyPlan::is_on(EarlyPolicy policy) const {
    return is_wanted(policy, settings) && !impossible.contains(policy);
}

bool EarlyPlan::removes(EarlyPolicy policy) const {
    const auto mode = mode_of(policy, settings);
    return !mode || *mode == EarlyMode::remove;
}

bool EarlyPlan::concerns(Target target) const {
    return std::ranges::any_of(k_early_policies, [&](EarlyPolicy policy) {
        return is_on(policy) && works_on(policy, target);
    });
}

EarlyNeeds EarlyPlan::needs() const {
    const bool unneeded = is_on(EarlyPolicy::unneeded);
    return {.accounts = is_on(EarlyPolicy::deleted_user),
            .revocations = is_on(EarlyPolicy::revoked),
            .audiences = unneeded && !(settings.unneeded.audiences.empty() &&
                                       settings.unneeded.spare_audiences.empty()),
            .scopes_of_refresh_tokens = !settings.spare.scopes.empty()};
}

std::map<EarlyPolicy, std::string> impossible_policies(const EarlySettings& settings,
                                                       const Schema& schema) {
    std::map<EarlyPolicy, std::string> reasons;
    const auto require = [&](EarlyPolicy policy, std::string_view table, std::string_view column) {
        if (const std::string reason = lacking(schema, table, column);
            is_wanted(policy, settings) && !reason.empty()) {
            reasons.emplace(policy, reason);
        }
    };
    require(EarlyPolicy::purge_client, "authentication_holder", "client_id");
    require(EarlyPolicy::purge_client, "device_code", "client_id");
    require(EarlyPolicy::deleted_user, "iam_account", "username");
    require(EarlyPolicy::revoked, "iam_revoked_at", "hash_value");
    require(EarlyPolicy::revoked, "access_token", "token_value_hash");
    for (const EarlyPolicy policy : {EarlyPolicy::unneeded, EarlyPolicy::quota}) {
        require(policy, "saved_user_auth", "name");
    }
    return reasons;
}

}  // namespace gc
