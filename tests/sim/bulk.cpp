// SPDX-License-Identifier: Apache-2.0
#include "sim/bulk.hpp"

#include <fmt/format.h>

namespace sim {

namespace {

constexpr std::size_t k_rows_per_statement = 1000;
constexpr int k_attempts = 10;

struct TableText {
    std::string_view table;
    std::string_view columns;
};

constexpr std::array<TableText, k_bulk_tables> k_tables{{
    {"saved_user_auth", "id, name, authenticated, source_class"},
    {"saved_user_auth_authority", "owner_id, authority"},
    {"saved_user_auth_info", "owner_id, info_key, info_val"},
    {"authentication_holder", "id, user_auth_id, approved, redirect_uri, client_id"},
    {"authentication_holder_authority", "owner_id, authority"},
    {"authentication_holder_extension", "owner_id, extension, val"},
    {"authentication_holder_request_parameter", "owner_id, param, val"},
    {"authentication_holder_response_type", "owner_id, response_type"},
    {"authentication_holder_scope", "owner_id, scope"},
    {"refresh_token", "id, token_value, expiration, auth_holder_id, client_id"},
    {"access_token",
     "id, token_value, expiration, token_type, refresh_token_id, client_id, "
     "auth_holder_id"},
    {"token_scope", "owner_id, scope"},
    {"authorization_code", "id, code, auth_holder_id, expiration"},
    {"device_code", "id, device_code, user_code, expiration, client_id, approved, auth_holder_id"},
    {"device_code_scope", "owner_id, scope"},
    {"device_code_request_parameter", "owner_id, param, val"},
}};

}  // namespace

std::string Bulk::table_name(BulkTable table) {
    return std::string(k_tables[static_cast<std::size_t>(table)].table);
}

std::string Bulk::columns(BulkTable table) const {
    std::string names(k_tables[static_cast<std::size_t>(table)].columns);
    if (table == BulkTable::access_token && m_traits.has_token_hash) {
        names += ", token_value_hash";
    }
    return names;
}

std::string& Bulk::row(BulkTable table) {
    Pending& pending = m_pending[static_cast<std::size_t>(table)];
    if (pending.rows++ % k_rows_per_statement == 0) {
        pending.statements.push_back(
            fmt::format("INSERT INTO {} ({}) VALUES ", table_name(table), columns(table)));
    } else {
        pending.statements.back() += ',';
    }
    return pending.statements.back();
}

void Bulk::send(Session& session) {
    for (int attempt = 1;; ++attempt) {
        try {
            insert_pending(session);
            break;
        } catch (const util::Error& error) {
            // InnoDB splits pages under several bulk inserts and may pick one of them as a victim.
            if (error.kind() != util::ErrorKind::transient || attempt == k_attempts) {
                throw;
            }
        }
    }
    for (std::size_t index = 0; index < k_bulk_tables; ++index) {
        m_counts[index] += static_cast<std::int64_t>(m_pending[index].rows);
        m_pending[index] = {};
    }
}

void Bulk::insert_pending(Session& session) const {
    session.transaction([&] {
        for (const Pending& pending : m_pending) {
            for (const std::string& statement : pending.statements) {
                session.execute("seed", statement);
            }
        }
    });
}

}  // namespace sim
