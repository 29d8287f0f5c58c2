// SPDX-License-Identifier: Apache-2.0
#include "support/iam_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <stdexcept>

namespace test {

namespace {

struct SatelliteColumns {
    std::string_view table;
    std::string_view owner;
    std::string_view content;
    std::string_view value{};  // a third column, where there is one
};

constexpr std::array k_satellites{
    SatelliteColumns{"token_scope", "owner_id", "scope"},
    SatelliteColumns{"access_token_permissions", "access_token_id", "permission_id"},
    SatelliteColumns{"authentication_holder_scope", "owner_id", "scope"},
    SatelliteColumns{"authentication_holder_authority", "owner_id", "authority"},
    SatelliteColumns{"authentication_holder_extension", "owner_id", "extension", "val"},
    SatelliteColumns{"authentication_holder_request_parameter", "owner_id", "param", "val"},
    SatelliteColumns{"authentication_holder_resource_id", "owner_id", "resource_id"},
    SatelliteColumns{"authentication_holder_response_type", "owner_id", "response_type"},
    SatelliteColumns{"saved_user_auth_authority", "owner_id", "authority"},
    SatelliteColumns{"saved_user_auth_info", "owner_id", "info_key", "info_val"},
    SatelliteColumns{"device_code_scope", "owner_id", "scope"},
    SatelliteColumns{"device_code_request_parameter", "owner_id", "param", "val"},
    SatelliteColumns{"permission_scope", "owner_id", "scope"},
    SatelliteColumns{"approved_site_scope", "owner_id", "scope"},
    SatelliteColumns{"whitelisted_site_scope", "owner_id", "scope"},
    SatelliteColumns{"client_scope", "owner_id", "scope"},
    SatelliteColumns{"client_grant_type", "owner_id", "grant_type"},
    SatelliteColumns{"client_authority", "owner_id", "authority"},
    SatelliteColumns{"client_resource", "owner_id", "resource_id"},
    SatelliteColumns{"client_response_type", "owner_id", "response_type"},
};

const SatelliteColumns& columns_of(std::string_view table) {
    for (const SatelliteColumns& columns : k_satellites) {
        if (columns.table == table) {
            return columns;
        }
    }
    throw std::logic_error(fmt::format("{} is no satellite that the tests know", table));
}

// Keys that are text stay unique within the process, whatever was removed before.
std::int64_t next_number() {
    static std::int64_t last = 0;
    return ++last;
}

std::int64_t unix_milliseconds(util::TimePoint time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

Client IamWriter::client(const ClientSpec& spec) {
    const gc::Id id = m_rows.next_id("client_details");
    const Client client{.id = id,
                        .client_id = fmt::format("dummy-client-{}", id),
                        .validity_seconds = spec.validity_seconds};
    m_rows.add("client_details",
               {{"id", id},
                {"client_id", client.client_id},
                {"client_name", spec.name},
                {"client_secret", fmt::format("SECRET-client-{}", id)},
                {"access_token_validity_seconds", optional_id(spec.validity_seconds)},
                {"refresh_token_validity_seconds", optional_id(spec.refresh_validity_seconds)},
                {"active", flag(spec.active)}});
    satellite("client_scope", id, "openid");
    satellite("client_grant_type", id, "client_credentials");
    return client;
}

const Client& IamWriter::current_client() {
    if (!m_client) {
        m_client = client({});
    }
    return *m_client;
}

gc::Id IamWriter::user_auth(const UserAuthSpec& spec) {
    const gc::Id id = m_rows.next_id("saved_user_auth");
    m_rows.add("saved_user_auth", {{"id", id},
                                   {"name", spec.name},
                                   {"authenticated", flag(true)},
                                   {"source_class", "dummy.AuthenticationToken"}});
    satellites("saved_user_auth_authority", id, spec.authorities, "ROLE_USER");
    satellites("saved_user_auth_info", id, spec.information, "claim");
    return id;
}

gc::Id IamWriter::holder(const HolderSpec& spec) {
    const gc::Id id = m_rows.next_id("authentication_holder");
    m_rows.add("authentication_holder", {{"id", id},
                                         {"user_auth_id", optional_id(spec.user_auth)},
                                         {"approved", flag(true)},
                                         {"redirect_uri", "https://client.example/callback"},
                                         {"client_id", current_client().client_id}});
    for (const std::string& scope : spec.scopes) {
        satellite("authentication_holder_scope", id, scope);
    }
    satellites("authentication_holder_authority", id, spec.authorities, "ROLE_CLIENT");
    satellites("authentication_holder_extension", id, spec.extensions, "extension");
    satellites("authentication_holder_request_parameter", id, spec.parameters, "parameter");
    satellites("authentication_holder_resource_id", id, spec.resources, "resource");
    satellites("authentication_holder_response_type", id, spec.response_types, "code");
    return id;
}

gc::Id IamWriter::access_token(const AccessTokenSpec& spec) {
    const gc::Id id = m_rows.next_id("access_token");
    const gc::Id client = spec.client ? *spec.client : current_client().id;
    m_rows.add("access_token", {{"id", id},
                                {"token_value", fmt::format("SECRET-access-token-{}", id)},
                                {"token_value_hash", fmt::format("{:064x}", id)},
                                {"expiration", optional_time(spec.expiration)},
                                {"token_type", "Bearer"},
                                {"refresh_token_id", optional_id(spec.refresh_token)},
                                {"client_id", client},
                                {"auth_holder_id", optional_id(spec.holder)},
                                {"id_token_id", optional_id(spec.id_token)}});
    for (const std::string& scope : spec.scopes) {
        satellite("token_scope", id, scope);
    }
    return id;
}

gc::Id IamWriter::refresh_token(std::optional<util::TimePoint> expiration,
                                std::optional<gc::Id> holder) {
    const gc::Id id = m_rows.next_id("refresh_token");
    m_rows.add("refresh_token", {{"id", id},
                                 {"token_value", fmt::format("SECRET-refresh-token-{}", id)},
                                 {"expiration", optional_time(expiration)},
                                 {"client_id", current_client().id},
                                 {"auth_holder_id", optional_id(holder)}});
    return id;
}

gc::Id IamWriter::authorization_code(std::optional<util::TimePoint> expiration,
                                     std::optional<gc::Id> holder) {
    const gc::Id id = m_rows.next_id("authorization_code");
    m_rows.add("authorization_code", {{"id", id},
                                      {"code", fmt::format("SECRET-code-{}", id)},
                                      {"auth_holder_id", optional_id(holder)},
                                      {"expiration", optional_time(expiration)}});
    return id;
}

gc::Id IamWriter::device_code(const DeviceCodeSpec& spec) {
    const gc::Id id = m_rows.next_id("device_code");
    m_rows.add("device_code", {{"id", id},
                               {"device_code", fmt::format("SECRET-device-code-{}", id)},
                               {"user_code", fmt::format("SECRET-{}", id)},
                               {"expiration", optional_time(spec.expiration)},
                               {"client_id", current_client().client_id},
                               {"approved", flag(spec.holder.has_value())},
                               {"auth_holder_id", optional_id(spec.holder)}});
    satellites("device_code_scope", id, spec.scopes, "scope");
    satellites("device_code_request_parameter", id, spec.parameters, "parameter");
    return id;
}

gc::Id IamWriter::permission(const Scopes& scopes) {
    const gc::Id id = m_rows.next_id("permission");
    m_rows.add("permission", {{"id", id}, {"resource_set_id", std::int64_t{1}}});
    for (const std::string& scope : scopes) {
        satellite("permission_scope", id, scope);
    }
    return id;
}

void IamWriter::grant(gc::Id access_token, gc::Id permission) {
    satellite("access_token_permissions", access_token, permission);
}

gc::Id IamWriter::permission_ticket(std::optional<util::TimePoint> expiration, gc::Id permission) {
    const gc::Id id = m_rows.next_id("permission_ticket");
    m_rows.add("permission_ticket", {{"id", id},
                                     {"ticket", fmt::format("SECRET-ticket-{}", id)},
                                     {"permission_id", permission},
                                     {"expiration", optional_time(expiration)}});
    return id;
}

std::string IamWriter::revoked_hash(std::optional<util::TimePoint> expiration) {
    const std::string key = fmt::format("{:064x}", next_number());
    m_rows.add("iam_revoked_at", {{"hash_value", key},
                                  {"expiration", optional_time(expiration)},
                                  {"revoked_at", "2026-01-01 00:00:00"}});
    return key;
}

std::string IamWriter::session(util::TimePoint expiration, int attributes) {
    const std::string key = fmt::format("session-{:028}", next_number());
    const std::int64_t expiry = unix_milliseconds(expiration);
    m_rows.add("spring_session", {{"primary_id", key},
                                  {"session_id", key},
                                  {"creation_time", expiry - 1'800'000},
                                  {"last_access_time", expiry - 1'800'000},
                                  {"max_inactive_interval", std::int64_t{1800}},
                                  {"expiry_time", expiry},
                                  {"principal_name", "user"}});
    for (int number = 1; number <= attributes; ++number) {
        m_rows.add("spring_session_attributes",
                   {{"session_primary_id", key},
                    {"attribute_name", fmt::format("attribute-{}", number)},
                    {"attribute_bytes", "dummy"}});
    }
    return key;
}

void IamWriter::satellite(std::string_view table, std::optional<gc::Id> owner,
                          const db::Value& content) {
    const SatelliteColumns& columns = columns_of(table);
    if (columns.value.empty()) {
        m_rows.add(table, {{columns.owner, optional_id(owner)}, {columns.content, content}});
    } else {
        m_rows.add(table, {{columns.owner, optional_id(owner)},
                           {columns.content, content},
                           {columns.value, "dummy"}});
    }
}

void IamWriter::satellites(std::string_view table, gc::Id owner, int count,
                           std::string_view content) {
    for (int number = 1; number <= count; ++number) {
        satellite(table, owner, fmt::format("{}-{}", content, number));
    }
}

}  // namespace test
