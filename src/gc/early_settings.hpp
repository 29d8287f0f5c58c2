// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/idle.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gc {

// What a policy without other settings does: nothing, say what it would remove, or remove it.
enum class EarlyMode { off, report, remove };

// Access tokens of chosen clients that nobody shows to the server again. Lists hold texts in which
// * stands for any text and ? for one character.
struct UnneededSettings {
    // Client ids or names, or k_only_client_credentials; none: the policy is off.
    std::vector<std::string> clients{};
    std::chrono::milliseconds age = std::chrono::hours{1};  // since the token was issued
    bool with_user = false;                                 // tokens of users as well
    bool with_refresh_token = false;
    std::vector<std::string> scopes{};  // only tokens with one of these; none: any
    std::vector<std::string> spare_scopes{};
    std::vector<std::string> audiences{};  // only tokens with one of these; none: any
    std::vector<std::string> spare_audiences{};
};

// How many live access tokens a client may have; the newest stay.
struct QuotaSettings {
    std::int64_t tokens = 0;             // 0: no quota
    bool per_user = false;               // for each client and user instead
    std::vector<std::string> clients{};  // none: every client
};

// Refresh tokens that every run found without an access token for longer than an age.
struct RefreshUnusedSettings {
    std::chrono::milliseconds age{0};  // 0: the policy is off
    std::string file{};                // what runs remember for the next
    std::shared_ptr<const IdleMemory> memory = std::make_shared<IdleMemory>();  // of that file
};

// What no policy for tokens that have not expired may touch.
struct SpareSettings {
    std::vector<std::string> clients{};
    std::vector<std::string> users{};
    std::vector<std::string> scopes{};
};

// Policies for tokens that have not expired (iam-database.md 6, "needs care"); all off by default.
struct EarlySettings {
    std::string purge_client{};  // OAuth id of the client that loses every token; empty: none
    EarlyMode revoked = EarlyMode::off;
    EarlyMode deleted_client = EarlyMode::off;
    EarlyMode deleted_user = EarlyMode::off;
    EarlyMode drain = EarlyMode::off;
    UnneededSettings unneeded{};
    QuotaSettings quota{};
    RefreshUnusedSettings refresh_unused{};
    SpareSettings spare{};
};

}  // namespace gc
