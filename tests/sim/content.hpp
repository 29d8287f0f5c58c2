// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sim {

using NamedValues = std::vector<std::pair<std::string, std::string>>;
using Texts = std::vector<std::string>;

// A saved_user_auth with its satellites.
struct UserContent {
    std::string name{};
    std::string source_class{};
    Texts authorities{};
    NamedValues infos{};
    int user = 0;  // the number in its name
};

// An authentication_holder with its satellites.
struct HolderContent {
    int client = 0;
    std::string redirect_uri{};
    Texts scopes{};
    NamedValues parameters{};
    NamedValues extensions{};
    Texts authorities{};
    Texts response_types{};
    std::optional<UserContent> user{};
};

// What each flow leaves in the holder (iam-database.md 7, table of row counts). The nonce decides
// the user and the values.
HolderContent client_credentials_content(int client, std::uint64_t nonce);
HolderContent authorize_content(int client, std::uint64_t nonce);
HolderContent redeem_content(int client, std::uint64_t nonce);
HolderContent device_approve_content(int client, std::uint64_t nonce);
HolderContent device_poll_content(int client, std::uint64_t nonce);
HolderContent registration_content(int client);

// The holder of a token exchange keeps the whole subject token (1 kB) as a parameter. Without a
// user when the subject has none.
HolderContent exchange_content(int client, std::uint64_t nonce, const std::string& subject_token,
                               bool has_user);

// The request parameters of a device code; its scopes are those of device_approve_content.
NamedValues device_code_parameters(int client);

// The ids and the exact numbers that the content is promised with.
Holder holder_of(const HolderContent& content, Id id);
UserAuth user_auth_of(const UserContent& content, Id id);

// Users have the names "user0" up to this.
inline constexpr int k_users = 500;
std::string user_name(int user);

// Scopes of a client acting for itself, two to four.
Texts client_scopes(int client);

}  // namespace sim
