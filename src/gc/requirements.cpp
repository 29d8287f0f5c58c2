// SPDX-License-Identifier: Apache-2.0
#include "gc/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gc {

namespace {

constexpr bool k_small = true;

constexpr std::array k_access_token{
    LookUp{"access_token", "expiration"},
    LookUp{"token_scope", "owner_id"},
    LookUp{"access_token_permissions", "access_token_id", k_small},
};
constexpr std::array k_refresh_token{
    LookUp{"access_token", "refresh_token_id"},
};
constexpr std::array k_device_code{
    LookUp{"device_code_scope", "owner_id", k_small},
    LookUp{"device_code_request_parameter", "owner_id", k_small},
};
constexpr std::array k_authentication_holder{
    LookUp{"access_token", "auth_holder_id"},
    LookUp{"refresh_token", "auth_holder_id"},
    LookUp{"authorization_code", "auth_holder_id"},
    LookUp{"device_code", "auth_holder_id", k_small},
    LookUp{"authentication_holder_scope", "owner_id"},
    LookUp{"authentication_holder_authority", "owner_id"},
    LookUp{"authentication_holder_extension", "owner_id"},
    LookUp{"authentication_holder_request_parameter", "owner_id"},
    LookUp{"authentication_holder_resource_id", "owner_id"},
    LookUp{"authentication_holder_response_type", "owner_id"},
};
constexpr std::array k_saved_user_auth{
    LookUp{"authentication_holder", "user_auth_id"},
    LookUp{"saved_user_auth_authority", "owner_id"},
    LookUp{"saved_user_auth_info", "owner_id"},
};
constexpr std::array k_permission_ticket{
    LookUp{"claim_to_permission_ticket", "permission_ticket_id", k_small},
};
constexpr std::array k_permission{
    LookUp{"access_token_permissions", "permission_id", k_small},
    LookUp{"permission_ticket", "permission_id", k_small},
    LookUp{"permission_scope", "owner_id", k_small},
};

bool is_known_reference(const ForeignKey& key) {
    for (const Satellite& satellite : all_satellites()) {
        if (key.table == satellite.table && key.column == satellite.owner_column) {
            return true;
        }
    }
    for (const Target target : k_targets) {
        for (const LookUp& look_up : look_ups_of(target)) {
            if (key.table == look_up.table && key.column == look_up.column) {
                return true;
            }
        }
    }
    return key.table == "spring_session_attributes";
}

}  // namespace

std::span<const LookUp> look_ups_of(Target target) {
    switch (target) {
    case Target::access_token:
        return k_access_token;
    case Target::refresh_token:
        return k_refresh_token;
    case Target::device_code:
        return k_device_code;
    case Target::authentication_holder:
        return k_authentication_holder;
    case Target::saved_user_auth:
        return k_saved_user_auth;
    case Target::permission_ticket:
        return k_permission_ticket;
    case Target::permission:
        return k_permission;
    default:
        return {};
    }
}

bool is_refused(const LookUp& look_up, const Schema& schema,
                const std::set<std::string>& big_tables) {
    if (schema.find(look_up.table) == nullptr || schema.has_index(look_up.table, look_up.column)) {
        return false;
    }
    return !look_up.small_by_nature || big_tables.contains(std::string(look_up.table));
}

std::string create_index(std::string_view table, std::string_view column, const Schema& schema) {
    const bool postgresql = schema.server.starts_with("PostgreSQL");
    return fmt::format("CREATE INDEX {}gc_{}_{}_idx ON {} ({});", postgresql ? "CONCURRENTLY " : "",
                       table, column, table, column);
}

std::optional<ForeignKey> unknown_reference(Target target, const Schema& schema) {
    const auto found = std::find_if(
        schema.foreign_keys.begin(), schema.foreign_keys.end(), [&](const ForeignKey& key) {
            return key.referenced_table == name(target) && !is_known_reference(key);
        });
    if (found == schema.foreign_keys.end()) {
        return std::nullopt;
    }
    return *found;
}

std::optional<std::string> hidden_references(const Schema& schema) {
    // Every IAM and MITREid Connect has this table, and no step of this program asks for it
    // (iam-database.md 1).
    const bool shows_all = schema.find("approved_site") != nullptr;
    const bool may_hide =
        schema.server.starts_with("MariaDB") || schema.server.starts_with("MySQL");
    if (shows_all || !may_hide) {
        return std::nullopt;
    }
    return "the account sees no table that it has no right on, so a foreign key from a table that "
           "this program does not know would stay hidden, and its rows could go by cascade; grant "
           "REFERENCES on the database (sql/admin/grants.mysql.sql)";
}

}  // namespace gc
