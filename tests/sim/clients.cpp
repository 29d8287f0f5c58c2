// SPDX-License-Identifier: Apache-2.0
#include "sim/clients.hpp"

#include "sim/content.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

namespace sim {

namespace {

void make_client(Session& session, int client) {
    const bool is_stress = client < k_stress_clients;
    const Id id = session.insert(
        "client_details.insert",
        fmt::format(
            "INSERT INTO client_details (client_id, client_name, reuse_refresh_tokens, "
            "clear_access_tokens_on_refresh, access_token_validity_seconds, "
            "refresh_token_validity_seconds, token_endpoint_auth_method, created_at) VALUES ({}, "
            "'{} client {}', {}, {}, {}, {}, 'SECRET_BASIC', {})",
            quoted(client_id(client)), is_stress ? "stress" : "ordinary", client,
            reuses_refresh_tokens(client), clears_on_refresh(client), k_token_validity,
            k_refresh_validity, sql_time(1'640'995'200)));
    const auto insert = [&](std::string_view table, std::string_view column,
                            std::string_view value) {
        session.execute(fmt::format("{}.insert", table),
                        fmt::format("INSERT INTO {} (owner_id, {}) VALUES ({}, {})", table, column,
                                    id, quoted(value)));
    };
    for (const std::string& scope : client_scopes(client)) {
        insert("client_scope", "scope", scope);
    }
    insert("client_grant_type", "grant_type", "client_credentials");
    insert("client_authority", "authority", "ROLE_CLIENT");
}

void ensure_users(Session& session) {
    const auto rows =
        session.query("iam_account.count",
                      fmt::format("SELECT COUNT(*) FROM iam_account WHERE username IN ({}, {})",
                                  quoted(user_name(0)), quoted(user_name(k_users - 1))));
    if (db::as_integer(rows.at(0).at(0)) > 0) {
        return;
    }
    const std::string long_ago = sql_time(1'640'995'200);
    std::string values;
    for (int user = 0; user < k_users; ++user) {
        values +=
            fmt::format("{}(TRUE, {}, {}, {}, {})", user == 0 ? "" : ", ", long_ago, long_ago,
                        quoted(user_name(user)), quoted(uuid(static_cast<std::uint64_t>(user))));
    }
    session.execute("iam_account.insert",
                    "INSERT INTO iam_account (active, creationtime, lastupdatetime, username, "
                    "uuid) VALUES " +
                        values);
}

}  // namespace

std::vector<Id> ensure_clients(Session& session, int count) {
    std::map<std::string, Id> existing;
    for (const db::Row& row :
         session.query("client_details.list", "SELECT client_id, id FROM client_details")) {
        existing[row.at(0).value_or("")] = db::as_integer(row.at(1));
    }
    session.transaction([&] {
        for (int client = 0; client < count; ++client) {
            if (!existing.contains(client_id(client))) {
                make_client(session, client);
            }
        }
        if (session.traits().has_accounts) {
            ensure_users(session);
        }
    });
    for (const db::Row& row :
         session.query("client_details.list", "SELECT client_id, id FROM client_details")) {
        existing[row.at(0).value_or("")] = db::as_integer(row.at(1));
    }
    std::vector<Id> ids;
    for (int client = 0; client < count; ++client) {
        ids.push_back(existing.at(client_id(client)));
    }
    return ids;
}

}  // namespace sim
