// SPDX-License-Identifier: Apache-2.0
#include "support/edge_cases.hpp"

#include <array>
#include <chrono>

namespace test {

namespace {

constexpr std::array<std::string_view, 6> k_holder_satellites{
    "authentication_holder_scope",       "authentication_holder_authority",
    "authentication_holder_extension",   "authentication_holder_request_parameter",
    "authentication_holder_resource_id", "authentication_holder_response_type",
};

constexpr std::array<std::string_view, 13> k_satellites_by_owner_id{
    "token_scope",
    "authentication_holder_scope",
    "authentication_holder_authority",
    "authentication_holder_extension",
    "authentication_holder_request_parameter",
    "authentication_holder_resource_id",
    "authentication_holder_response_type",
    "saved_user_auth_authority",
    "saved_user_auth_info",
    "device_code_scope",
    "device_code_request_parameter",
    "permission_scope",
    "approved_site_scope",
};

constexpr std::array<std::string_view, 7> k_side_tables{
    "client_scope",    "client_grant_type",      "client_authority",    "client_response_type",
    "client_resource", "whitelisted_site_scope", "approved_site_scope",
};

bool token_satellites_unguarded(const Catalog& catalog) {
    return !catalog.has_foreign_key("token_scope", "owner_id");
}

bool holder_satellites_unguarded(const Catalog& catalog) {
    return !catalog.has_foreign_key("authentication_holder_scope", "owner_id");
}

bool has_revocations(const Catalog& catalog) {
    return catalog.has_table("iam_revoked_at");
}

bool revocations_may_never_expire(const Catalog& catalog) {
    return catalog.is_nullable("iam_revoked_at", "expiration");
}

bool has_sessions(const Catalog& catalog) {
    return catalog.has_table("spring_session");
}

void ownerless(Scene& scene, std::string_view table, gc::Id owner) {
    scene.rows.satellite(table, owner, "ownerless");
    scene.goes(table, "owner_id", std::to_string(owner));
}

void token_satellites_without_owner(Scene& scene) {
    const gc::Id missing = scene.missing_id("access_token");
    ownerless(scene, "token_scope", missing);
    const gc::Id permission = scene.rows.permission({"read"});
    scene.rows.permission_ticket(std::nullopt, permission);
    scene.rows.grant(missing, permission);
    scene.goes("access_token_permissions", "access_token_id", std::to_string(missing));
}

void holder_satellites_without_owner(Scene& scene) {
    const gc::Id missing = scene.missing_id("authentication_holder");
    for (const std::string_view table : k_holder_satellites) {
        ownerless(scene, table, missing);
    }
}

void device_code_satellites_without_owner(Scene& scene) {
    const gc::Id missing = scene.missing_id("device_code");
    ownerless(scene, "device_code_scope", missing);
    ownerless(scene, "device_code_request_parameter", missing);
}

void user_auth_satellites_without_owner(Scene& scene) {
    const gc::Id missing = scene.missing_id("saved_user_auth");
    ownerless(scene, "saved_user_auth_authority", missing);
    ownerless(scene, "saved_user_auth_info", missing);
}

void satellites_with_null_owner(Scene& scene) {
    for (const std::string_view table : k_satellites_by_owner_id) {
        if (scene.rows.catalog().is_nullable(table, "owner_id")) {
            scene.rows.satellite(table, std::nullopt, "without owner");
        }
    }
}

void side_tables_without_owner(Scene& scene) {
    for (const std::string_view table : k_side_tables) {
        if (!scene.rows.catalog().has_foreign_key(table, "owner_id")) {
            const bool client = table.starts_with("client_");
            scene.rows.satellite(
                table,
                scene.missing_id(client ? "client_details" : table.substr(0, table.size() - 6)),
                "ownerless");
        }
    }
}

// An expired token with that permission; the token, its grant and its holder go.
void expired_token_with(Scene& scene, gc::Id permission) {
    const Login login = scene.login();
    const gc::Id token =
        scene.rows.access_token({.expiration = scene.at.expired(), .holder = login.holder});
    scene.rows.grant(token, permission);
    scene.goes("access_token", token);
    scene.goes(login);
}

void permission_of_expired_token(Scene& scene) {
    const gc::Id permission = scene.rows.permission({"read", "write"});
    expired_token_with(scene, permission);
    scene.goes("permission", permission);
}

void permission_shared_with_live_token(Scene& scene) {
    const gc::Id permission = scene.rows.permission({"read", "write"});
    expired_token_with(scene, permission);
    const gc::Id live =
        scene.rows.access_token({.expiration = scene.at.live(), .holder = scene.login().holder});
    scene.rows.grant(live, permission);
}

void permission_held_by_ticket(Scene& scene) {
    const gc::Id permission = scene.rows.permission({"read", "write"});
    expired_token_with(scene, permission);
    scene.rows.permission_ticket(scene.at.live(), permission);
}

void permission_ticket_expired(Scene& scene) {
    const gc::Id permission = scene.rows.permission({"read"});
    scene.goes("permission_ticket", scene.rows.permission_ticket(scene.at.expired(), permission));
    scene.goes("permission", permission);
}

void session_goes(Scene& scene) {
    const std::string key = scene.rows.session(scene.at.expired(), 2);
    scene.goes("spring_session", "primary_id", key);
    scene.goes("spring_session_attributes", "session_primary_id", key);
}

}  // namespace

std::vector<EdgeCase> satellite_cases() {
    return {
        {.name = "token_satellites_without_owner",
         .write = token_satellites_without_owner,
         .possible = token_satellites_unguarded},
        {.name = "holder_satellites_without_owner",
         .write = holder_satellites_without_owner,
         .possible = holder_satellites_unguarded},
        {.name = "device_code_satellites_without_owner",
         .write = device_code_satellites_without_owner},
        {.name = "user_auth_satellites_without_owner", .write = user_auth_satellites_without_owner},
        {.name = "permission_scope_without_owner",
         .write =
             [](Scene& scene) {
                 ownerless(scene, "permission_scope", scene.missing_id("permission"));
             }},
        {.name = "satellites_with_null_owner", .write = satellites_with_null_owner},
        {.name = "side_tables_without_owner", .write = side_tables_without_owner},
    };
}

std::vector<EdgeCase> other_cases() {
    return {
        {.name = "permission_of_expired_token", .write = permission_of_expired_token},
        {.name = "permission_shared_with_live_token", .write = permission_shared_with_live_token},
        {.name = "permission_held_by_ticket", .write = permission_held_by_ticket},
        {.name = "permission_ticket_expired", .write = permission_ticket_expired},
        {.name = "permission_ticket_never_expires",
         .write =
             [](Scene& scene) {
                 scene.rows.permission_ticket(std::nullopt, scene.rows.permission({"read"}));
             }},
        {.name = "permission_used_by_nobody",
         .write =
             [](Scene& scene) {
                 scene.goes("permission", scene.rows.permission({"read", "write"}));
             }},
        {.name = "revoked_hash_expired",
         .write =
             [](Scene& scene) {
                 scene.goes("iam_revoked_at", "hash_value",
                            scene.rows.revoked_hash(scene.at.expired()));
             },
         .possible = has_revocations},
        {.name = "revoked_hash_live",
         .write = [](Scene& scene) { scene.rows.revoked_hash(scene.at.live()); },
         .possible = has_revocations},
        {.name = "revoked_hash_never_expires",
         .write = [](Scene& scene) { scene.rows.revoked_hash(std::nullopt); },
         .possible = revocations_may_never_expire},
        {.name = "session_expired", .write = session_goes, .possible = has_sessions},
        {.name = "session_live",
         .write = [](Scene& scene) { scene.rows.session(scene.at.live(), 2); },
         .possible = has_sessions},
    };
}

}  // namespace test
