// SPDX-License-Identifier: Apache-2.0
// What bugs, crashes and old releases left behind: rows that no flow makes by itself.
#include "support/population.hpp"

#include <array>
#include <chrono>

namespace test {

namespace {

struct Unowned {
    std::string_view table;
    std::string_view column;
    std::string_view owner;
};

constexpr std::array k_unowned{
    Unowned{"token_scope", "owner_id", "access_token"},
    Unowned{"authentication_holder_scope", "owner_id", "authentication_holder"},
    Unowned{"authentication_holder_authority", "owner_id", "authentication_holder"},
    Unowned{"authentication_holder_extension", "owner_id", "authentication_holder"},
    Unowned{"authentication_holder_request_parameter", "owner_id", "authentication_holder"},
    Unowned{"authentication_holder_resource_id", "owner_id", "authentication_holder"},
    Unowned{"authentication_holder_response_type", "owner_id", "authentication_holder"},
    Unowned{"saved_user_auth_authority", "owner_id", "saved_user_auth"},
    Unowned{"saved_user_auth_info", "owner_id", "saved_user_auth"},
    Unowned{"device_code_scope", "owner_id", "device_code"},
    Unowned{"device_code_request_parameter", "owner_id", "device_code"},
    Unowned{"permission_scope", "owner_id", "permission"},
};

}  // namespace

void Population::stray(util::TimePoint at) {
    switch (below(8)) {
    case 0:
        random_holder(chance(50) ? std::optional(random_user_auth()) : std::nullopt, {"openid"});
        break;
    case 1:
        random_user_auth();
        break;
    case 2:
        stray_sharing(at);
        break;
    case 3:
        random_token(at, any_holder(), std::nullopt, random_scopes(2));
        break;
    case 4:
        stray_permission(at);
        break;
    case 5:
        m_rows.access_token({.expiration = expiration_of(m_rows.current_client(), at)});
        break;
    case 6:
        stray_satellites();
        break;
    default:
        stray_references(at);
        break;
    }
}

gc::Id Population::any_holder() {
    if (m_holders.empty()) {
        return random_holder(std::nullopt, {"openid"});
    }
    return m_holders.at(static_cast<std::size_t>(below(std::ssize(m_holders))));
}

// Two holders with one user authentication.
void Population::stray_sharing(util::TimePoint at) {
    const gc::Id user_auth = random_user_auth();
    random_holder(user_auth, {"openid"});
    random_token(at, random_holder(user_auth, {"openid"}), std::nullopt, {"openid"});
}

void Population::stray_permission(util::TimePoint at) {
    const gc::Id permission = m_rows.permission(random_scopes(2));
    if (chance(60)) {
        const auto expiration =
            chance(20) ? std::nullopt : std::optional(quiet(at + std::chrono::hours{1}));
        m_rows.permission_ticket(expiration, permission);
    }
}

void Population::stray_satellites() {
    const Unowned& stray = k_unowned.at(static_cast<std::size_t>(below(std::ssize(k_unowned))));
    if (m_rows.catalog().has_foreign_key(stray.table, stray.column)) {
        return;
    }
    const gc::Id missing = m_rows.rows().next_id(stray.owner);
    for (std::int64_t count = 1 + below(3); count > 0; --count) {
        m_rows.satellite(stray.table, missing, std::to_string(count));
    }
    // A join row without its token keeps a permission that nobody else has.
    if (!m_rows.catalog().has_foreign_key("access_token_permissions", "access_token_id")) {
        m_rows.grant(m_rows.rows().next_id("access_token"), m_rows.permission({"stray"}));
    }
}

// Ids of rows that do not exist.
void Population::stray_references(util::TimePoint at) {
    const auto expiration = expiration_of(m_rows.current_client(), at);
    const Catalog& catalog = m_rows.catalog();
    if (!catalog.has_foreign_key("access_token", "auth_holder_id")) {
        m_rows.access_token(
            {.expiration = expiration, .holder = m_rows.rows().next_id("authentication_holder")});
    }
    if (!catalog.has_foreign_key("access_token", "refresh_token_id")) {
        m_rows.access_token({.expiration = expiration,
                             .holder = random_holder(std::nullopt, {"openid"}),
                             .refresh_token = m_rows.rows().next_id("refresh_token")});
    }
    if (!catalog.has_foreign_key("authentication_holder", "user_auth_id")) {
        random_token(at, random_holder(m_rows.rows().next_id("saved_user_auth"), {"openid"}),
                     std::nullopt, {"openid"});
    }
}

}  // namespace test
