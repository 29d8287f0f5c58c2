// SPDX-License-Identifier: Apache-2.0
#include "sim/content.hpp"

#include "sim/random.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim {

namespace {

constexpr const char* k_redirect = "https://client.example.org/callback";

Texts rotated(const Texts& pool, int first, int count) {
    Texts chosen;
    for (int index = 0; index < count; ++index) {
        chosen.push_back(pool[static_cast<std::size_t>(first + index) % pool.size()]);
    }
    return chosen;
}

std::string joined(const Texts& scopes) {
    return fmt::format("{}", fmt::join(scopes, " "));
}

Texts user_scopes(int client) {
    static const Texts pool{"profile",
                            "email",
                            "wlcg.groups",
                            "storage.read:/",
                            "compute.create",
                            "storage.create:/home",
                            "eduperson_scoped_affiliation"};
    Texts scopes{"openid", "offline_access"};
    for (std::string& scope : rotated(pool, client, 2 + client % 4)) {
        scopes.push_back(std::move(scope));
    }
    return scopes;
}

// A third logs in with a password, a third comes through OIDC, a third through SAML.
UserContent user_content(std::uint64_t nonce) {
    const int user = static_cast<int>(nonce % k_users);
    UserContent content{.name = user_name(user), .authorities = {"ROLE_USER"}, .user = user};
    for (int group = 0; group < user % 3; ++group) {
        content.authorities.push_back(fmt::format("ROLE_GM:{}", uuid(nonce % 10)));
    }
    switch (user % 3) {
    case 0:
        content.source_class =
            "org.springframework.security.authentication.UsernamePasswordAuthenticationToken";
        return content;
    case 1:
        content.source_class = "it.infn.mw.iam.authn.oidc.OidcExternalAuthenticationToken";
        content.infos = {{"type", "oidc"},
                         {"sub", uuid(static_cast<std::uint64_t>(user))},
                         {"iss", "https://idp.example.org/"}};
        break;
    default:
        content.source_class = "it.infn.mw.iam.authn.saml.SamlExternalAuthenticationToken";
        content.infos = {{"type", "saml"}, {"idpEntityId", "https://saml.example.org/idp"}};
        break;
    }
    for (int claim = 0; claim < 5 + user % 4; ++claim) {
        content.infos.emplace_back(fmt::format("claim_{}", claim),
                                   fmt::format("value {} of {}", claim, content.name));
    }
    return content;
}

NamedValues authorize_parameters(int client, std::uint64_t nonce, const Texts& scopes) {
    NamedValues parameters{{"client_id", client_id(client)},
                           {"redirect_uri", k_redirect},
                           {"response_type", "code"},
                           {"scope", joined(scopes)},
                           {"state", uuid(scrambled(nonce, 21))}};
    if (client % 2 == 0) {
        parameters.emplace_back("nonce", uuid(scrambled(nonce, 22)));
    }
    return parameters;
}

}  // namespace

std::string user_name(int user) {
    return fmt::format("user{}", user);
}

Texts client_scopes(int client) {
    static const Texts pool{"storage.read:/", "compute.read", "compute.create",
                            "storage.modify:/data", "scim:read"};
    return rotated(pool, client, 2 + client % 3);
}

HolderContent client_credentials_content(int client, std::uint64_t nonce) {
    HolderContent content{.client = client, .scopes = client_scopes(client)};
    content.parameters = {{"grant_type", "client_credentials"}, {"scope", joined(content.scopes)}};
    if (client % 2 == 0) {
        content.parameters.emplace_back("client_id", client_id(client));
    }
    // Clients made before 1.8.0 have no authority.
    if (client % 5 != 0) {
        content.authorities.emplace_back("ROLE_CLIENT");
    }
    if (nonce % 16 == 0) {
        content.parameters.emplace_back("audience", "https://storage.example.org");
    }
    return content;
}

HolderContent authorize_content(int client, std::uint64_t nonce) {
    HolderContent content{.client = client,
                          .redirect_uri = k_redirect,
                          .scopes = user_scopes(client),
                          .response_types = {"code"},
                          .user = user_content(nonce)};
    content.parameters = authorize_parameters(client, nonce, content.scopes);
    content.extensions = {{"AUTH_TIMESTAMP", "1667000000000"}};
    if (client % 2 == 0) {
        content.extensions.emplace_back("nonce", uuid(scrambled(nonce, 22)));
    }
    return content;
}

HolderContent redeem_content(int client, std::uint64_t nonce) {
    HolderContent content = authorize_content(client, nonce);
    content.parameters.emplace_back("grant_type", "authorization_code");
    content.parameters.emplace_back("code", code_value(nonce));
    return content;
}

HolderContent device_approve_content(int client, std::uint64_t nonce) {
    HolderContent content{
        .client = client, .scopes = user_scopes(client), .user = user_content(nonce)};
    content.parameters = {{"client_id", client_id(client)}, {"scope", joined(content.scopes)}};
    return content;
}

HolderContent device_poll_content(int client, std::uint64_t nonce) {
    HolderContent content = device_approve_content(client, nonce);
    content.parameters.emplace_back("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
    content.parameters.emplace_back("device_code", uuid(nonce));
    return content;
}

HolderContent registration_content(int client) {
    return {.client = client, .scopes = {"registration-token"}, .authorities = {"ROLE_CLIENT"}};
}

HolderContent exchange_content(int client, std::uint64_t nonce, const std::string& subject_token,
                               bool has_user) {
    HolderContent content{.client = client, .scopes = client_scopes(client)};
    content.parameters = {{"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
                          {"subject_token", subject_token},
                          {"subject_token_type", "urn:ietf:params:oauth:token-type:access_token"},
                          {"scope", joined(content.scopes)},
                          {"audience", "https://storage.example.org"}};
    content.extensions = {{"aud", "https://storage.example.org"}};
    if (has_user) {
        content.user = user_content(nonce);
    }
    return content;
}

NamedValues device_code_parameters(int client) {
    return {{"client_id", client_id(client)}, {"scope", joined(user_scopes(client))}};
}

Holder holder_of(const HolderContent& content, Id id) {
    const auto count = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
    return {.id = id,
            .scopes = count(content.scopes),
            .parameters = count(content.parameters),
            .extensions = count(content.extensions),
            .authorities = count(content.authorities),
            .response_types = count(content.response_types)};
}

UserAuth user_auth_of(const UserContent& content, Id id) {
    return {.id = id,
            .authorities = static_cast<std::int64_t>(content.authorities.size()),
            .infos = static_cast<std::int64_t>(content.infos.size()),
            .user = content.user};
}

}  // namespace sim
