// SPDX-License-Identifier: Apache-2.0
#include "config/early_keys.hpp"

#include "config/key_builders.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr Names<gc::EarlyMode, 3> k_modes{{{"off", gc::EarlyMode::off},
                                           {"report", gc::EarlyMode::report},
                                           {"remove", gc::EarlyMode::remove}}};

// Texts with blanks between them.
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

template <typename Access>
Key list_key(Name name, Access access) {
    return {.path = std::move(name.path),
            .option = std::move(name.option),
            .placeholder = "LIST",
            .type = ValueType::text,
            .help = std::move(name.help),
            .parse = [=](Config& config,
                         std::string_view text) { access(config) = words_of(parse_text(text)); },
            .print =
                [=](const Config& config) {
                    return fmt::format("{}", fmt::join(access(config), " "));
                }};
}

void add_unneeded_keys(std::vector<Key>& keys) {
    keys.push_back(list_key(
        {"unneeded.clients", "--unneeded-clients",
         "Clients whose live access tokens are not needed in the database: client ids or names "
         "with blanks between them, * for any text and ? for any character, or "
         "@client_credentials for those that can do nothing else; empty for none"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.clients; }));
    keys.push_back(duration_key(
        {"unneeded.age", "--unneeded-age", "How long ago such a token was issued at least"},
        {0s, days{3650}}, [](auto& config) -> auto& { return config.gc.early.unneeded.age; }));
    keys.push_back(flag_key(
        {"unneeded.with_user", "--unneeded-with-user", "Such tokens of users, too"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.with_user; }));
    keys.push_back(flag_key(
        {"unneeded.with_refresh_token", "--unneeded-with-refresh-token",
         "Such tokens with a refresh token, too"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.with_refresh_token; }));
    keys.push_back(list_key(
        {"unneeded.scopes", "--unneeded-scopes",
         "Only tokens with one of these scopes; empty for any"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.scopes; }));
    keys.push_back(list_key(
        {"unneeded.spare_scopes", "--unneeded-spare-scopes",
         "No tokens with one of these scopes; empty for none"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.spare_scopes; }));
    keys.push_back(list_key(
        {"unneeded.audiences", "--unneeded-audiences",
         "Only tokens that were asked for with one of these audiences; empty for any"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.audiences; }));
    keys.push_back(list_key(
        {"unneeded.spare_audiences", "--unneeded-spare-audiences",
         "No tokens that were asked for with one of these audiences; empty for none"},
        [](auto& config) -> auto& { return config.gc.early.unneeded.spare_audiences; }));
}

void add_quota_keys(std::vector<Key>& keys) {
    keys.push_back(whole_number_key(
        {"quota.tokens", "--quota",
         "Live access tokens that a client keeps at most, the newest stay, 0 for no quota"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.gc.early.quota.tokens; }));
    keys.push_back(flag_key(
        {"quota.per_user", "--quota-per-user", "Count for each client and user, not each client"},
        [](auto& config) -> auto& { return config.gc.early.quota.per_user; }));
    keys.push_back(list_key(
        {"quota.clients", "--quota-clients",
         "Clients that have the quota, written as in unneeded.clients; empty for all"},
        [](auto& config) -> auto& { return config.gc.early.quota.clients; }));
}

void add_mode_keys(std::vector<Key>& keys) {
    keys.push_back(choice_key(
        {"deleted_client.mode", "--deleted-client", "Tokens of clients that are not registered"},
        k_modes, [](auto& config) -> auto& { return config.gc.early.deleted_client; }));
    keys.push_back(choice_key(
        {"deleted_user.mode", "--deleted-user",
         "Tokens of users without an account of that name; an account may have been renamed, so "
         "look at the report first"},
        k_modes, [](auto& config) -> auto& { return config.gc.early.deleted_user; }));
    keys.push_back(choice_key(
        {"revoked.mode", "--revoked", "Access tokens whose hash is in iam_revoked_at"}, k_modes,
        [](auto& config) -> auto& { return config.gc.early.revoked; }));
    keys.push_back(choice_key(
        {"drain.mode", "--drain",
         "Expired access tokens without any grace, for a server that does not store them any more"},
        k_modes, [](auto& config) -> auto& { return config.gc.early.drain; }));
}

void add_refresh_unused_keys(std::vector<Key>& keys) {
    keys.push_back(duration_key(
        {"refresh_unused.age", "--refresh-unused-age",
         "Refresh tokens that every run for so long found without an access token, 0 to keep them"},
        {0s, days{3650}},
        [](auto& config) -> auto& { return config.gc.early.refresh_unused.age; }));
    keys.push_back(text_key(
        {"refresh_unused.file", "--refresh-unused-file",
         "Where runs remember for that which refresh tokens they found so"},
        "FILE", [](auto& config) -> auto& { return config.gc.early.refresh_unused.file; }));
}

}  // namespace

void add_early_keys(std::vector<Key>& keys) {
    add_unneeded_keys(keys);
    add_quota_keys(keys);
    keys.push_back(text_key(
        {"purge_client.client", "--purge-client",
         "Client id of the client that loses every token and code; run wants --yes-really as well; "
         "empty for none"},
        "ID", [](auto& config) -> auto& { return config.gc.early.purge_client; }));
    add_mode_keys(keys);
    add_refresh_unused_keys(keys);
    keys.push_back(list_key(
        {"spare.clients", "--spare-clients",
         "Clients that none of these policies touches, written as in unneeded.clients; empty for "
         "none"},
        [](auto& config) -> auto& { return config.gc.early.spare.clients; }));
    keys.push_back(list_key(
        {"spare.users", "--spare-users",
         "Users whose tokens none of these policies touches; empty for none"},
        [](auto& config) -> auto& { return config.gc.early.spare.users; }));
    keys.push_back(list_key(
        {"spare.scopes", "--spare-scopes",
         "Scopes whose tokens none of these policies touches; empty for none"},
        [](auto& config) -> auto& { return config.gc.early.spare.scopes; }));
}

}  // namespace config
