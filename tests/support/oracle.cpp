// SPDX-License-Identifier: Apache-2.0
#include "support/oracle.hpp"

#include <fmt/format.h>

#include <array>

namespace test {

namespace {

struct Owned {
    std::string_view target;
    std::string_view table;
    std::string_view column;
    std::string_view owner;
    std::string_view key = "id";
};

// Which rows hang below which, from iam-database.md 1 and 5.1.
constexpr std::array k_owned{
    Owned{"access_token", "token_scope", "owner_id", "access_token"},
    Owned{"access_token", "access_token_permissions", "access_token_id", "access_token"},
    Owned{"authentication_holder", "authentication_holder_scope", "owner_id",
          "authentication_holder"},
    Owned{"authentication_holder", "authentication_holder_authority", "owner_id",
          "authentication_holder"},
    Owned{"authentication_holder", "authentication_holder_extension", "owner_id",
          "authentication_holder"},
    Owned{"authentication_holder", "authentication_holder_request_parameter", "owner_id",
          "authentication_holder"},
    Owned{"authentication_holder", "authentication_holder_resource_id", "owner_id",
          "authentication_holder"},
    Owned{"authentication_holder", "authentication_holder_response_type", "owner_id",
          "authentication_holder"},
    Owned{"saved_user_auth", "saved_user_auth_authority", "owner_id", "saved_user_auth"},
    Owned{"saved_user_auth", "saved_user_auth_info", "owner_id", "saved_user_auth"},
    Owned{"device_code", "device_code_scope", "owner_id", "device_code"},
    Owned{"device_code", "device_code_request_parameter", "owner_id", "device_code"},
    Owned{"permission", "permission_scope", "owner_id", "permission"},
    Owned{"spring_session", "spring_session_attributes", "session_primary_id", "spring_session",
          "primary_id"},
};

// Every table that may lose rows.
constexpr std::array<std::string_view, 24> k_copied{
    "access_token",
    "refresh_token",
    "authorization_code",
    "device_code",
    "authentication_holder",
    "saved_user_auth",
    "permission",
    "permission_ticket",
    "iam_revoked_at",
    "spring_session",
    "token_scope",
    "access_token_permissions",
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
    "spring_session_attributes",
};

// Columns the rules look rows up by.
constexpr std::array<std::string_view, 9> k_looked_up{
    "id",           "owner_id",         "access_token_id", "permission_id",      "auth_holder_id",
    "user_auth_id", "refresh_token_id", "primary_id",      "session_primary_id",
};

std::string not_referenced(std::string_view table, std::string_view column) {
    return fmt::format(" AND id NOT IN (SELECT {1} FROM o_{0} WHERE {1} IS NOT NULL)", table,
                       column);
}

}  // namespace

Oracle::Oracle(db::Connection& connection, const Catalog& catalog, const OracleSettings& settings)
    : m_connection(connection),
      m_catalog(catalog),
      m_settings(settings),
      m_cutoff(util::format_time(settings.now - settings.grace)) {
    find_safe_points();
    copy_tables();
    while (remove_expired() + remove_orphans() + remove_permissions() +
               remove_sessions_and_revocations() + remove_satellites() >
           0) {
    }
    read_expected();
    drop_copies();
}

std::int64_t Oracle::removed() const {
    std::int64_t sum = 0;
    for (const auto& [target, count] : m_counts) {
        sum += count.removed;
    }
    return sum;
}

bool Oracle::is_on(std::string_view target) const {
    return !m_settings.switched_off.contains(std::string(target)) &&
           (target == "satellite" || m_catalog.has_table(target));
}

void Oracle::find_safe_points() {
    const std::string moment = util::format_time(m_settings.now - m_settings.margin);
    const std::string candidates =
        "SELECT auth_holder_id AS id FROM access_token WHERE expiration <= ? "
        "UNION SELECT auth_holder_id FROM authorization_code WHERE expiration <= ? "
        "UNION SELECT auth_holder_id FROM device_code WHERE expiration <= ?";
    const db::Rows holder = m_connection.query(
        fmt::format("SELECT MAX(h.id) FROM authentication_holder h JOIN ({}) c ON c.id = h.id",
                    candidates),
        {moment, moment, moment});
    m_holder_safe_point = db::as_optional_integer(holder.at(0).at(0));
    if (m_holder_safe_point) {
        const db::Rows user_auth = m_connection.query(
            "SELECT MAX(u.id) FROM authentication_holder h JOIN saved_user_auth u "
            "ON u.id = h.user_auth_id WHERE h.id <= ?",
            {*m_holder_safe_point});
        m_user_auth_safe_point = db::as_optional_integer(user_auth.at(0).at(0));
    }
}

void Oracle::copy_tables() {
    for (const std::string_view table : k_copied) {
        if (m_catalog.has_table(table)) {
            m_connection.execute(fmt::format("CREATE TEMPORARY TABLE o_{} {} AS SELECT * FROM {}",
                                             table, indexes_of_copy(table),
                                             m_catalog.spelling(table)));
        }
    }
}

// MySQL reads the whole table of a sub-select for each row unless it has an index; the others hash
// it.
std::string Oracle::indexes_of_copy(std::string_view table) const {
    if (m_connection.dialect() != db::Dialect::mysql) {
        return {};
    }
    std::string list;
    for (const std::string_view column : k_looked_up) {
        if (m_catalog.has_column(table, column)) {
            list += fmt::format("{}INDEX ({})", list.empty() ? "(" : ", ", column);
        }
    }
    return list.empty() ? list : list + ")";
}

void Oracle::drop_copies() {
    const bool mysql = m_connection.dialect() == db::Dialect::mysql;
    for (const std::string_view table : k_copied) {
        if (m_catalog.has_table(table)) {
            m_connection.execute(
                fmt::format("DROP {} o_{}", mysql ? "TEMPORARY TABLE" : "TABLE", table));
        }
    }
}

void Oracle::read_expected() {
    m_expected = take_snapshot(m_connection, m_catalog);
    for (const std::string_view table : k_copied) {
        if (m_catalog.has_table(table)) {
            m_expected[std::string(table)] =
                read_content(m_connection, m_catalog, table, fmt::format("o_{}", table));
        }
    }
}

std::int64_t Oracle::remove(std::string_view target, const std::string& statement,
                            const db::Value& bound) {
    if (!is_on(target)) {
        return 0;
    }
    const bool binds = statement.find('?') != std::string::npos;
    const std::int64_t rows =
        binds ? m_connection.execute(statement, {bound}) : m_connection.execute(statement);
    m_counts[std::string(target)].removed += rows;
    return rows;
}

// Rules 1, 2 and 3.
std::int64_t Oracle::remove_expired() {
    std::int64_t rows = remove(
        "access_token",
        "DELETE FROM o_access_token WHERE expiration <= ? AND id NOT IN (SELECT owner_id FROM "
        "o_token_scope WHERE scope IN ('registration-token', 'resource-token') AND owner_id IS NOT "
        "NULL)",
        m_cutoff);
    if (m_catalog.has_index("access_token", "refresh_token_id")) {
        rows += remove("refresh_token",
                       "DELETE FROM o_refresh_token WHERE expiration <= ?" +
                           not_referenced("access_token", "refresh_token_id"),
                       m_cutoff);
    }
    rows += remove("authorization_code", "DELETE FROM o_authorization_code WHERE expiration <= ?",
                   m_cutoff);
    rows += remove("device_code", "DELETE FROM o_device_code WHERE expiration <= ?", m_cutoff);
    for (const auto& [target, statement] : m_settings.early) {
        if (target != "refresh_token" || m_catalog.has_index("access_token", "refresh_token_id")) {
            rows += remove(target, statement, m_cutoff);
        }
    }
    return rows;
}

// Rules 4 and 5.
std::int64_t Oracle::remove_orphans() {
    std::int64_t rows = 0;
    if (m_holder_safe_point) {
        rows += remove("authentication_holder",
                       "DELETE FROM o_authentication_holder WHERE id <= ?" +
                           not_referenced("access_token", "auth_holder_id") +
                           not_referenced("refresh_token", "auth_holder_id") +
                           not_referenced("authorization_code", "auth_holder_id") +
                           not_referenced("device_code", "auth_holder_id"),
                       *m_holder_safe_point);
    }
    if (m_user_auth_safe_point && m_catalog.has_index("authentication_holder", "user_auth_id")) {
        rows += remove("saved_user_auth",
                       "DELETE FROM o_saved_user_auth WHERE id <= ?" +
                           not_referenced("authentication_holder", "user_auth_id"),
                       *m_user_auth_safe_point);
    }
    return rows;
}

// The last part of rule 1, and tickets that expired.
std::int64_t Oracle::remove_permissions() {
    return remove("permission_ticket", "DELETE FROM o_permission_ticket WHERE expiration <= ?",
                  m_cutoff) +
           remove("permission",
                  "DELETE FROM o_permission WHERE id IS NOT NULL" +
                      not_referenced("access_token_permissions", "permission_id") +
                      not_referenced("permission_ticket", "permission_id"),
                  m_cutoff);
}

// Rule 8; sessions count milliseconds.
std::int64_t Oracle::remove_sessions_and_revocations() {
    const auto cutoff = std::chrono::duration_cast<std::chrono::milliseconds>(
        (m_settings.now - m_settings.grace).time_since_epoch());
    return remove("iam_revoked_at", "DELETE FROM o_iam_revoked_at WHERE expiration <= ?",
                  m_cutoff) +
           remove("spring_session", "DELETE FROM o_spring_session WHERE expiry_time <= ?",
                  std::int64_t{cutoff.count()});
}

// What hangs below a removed row goes with it; rule 6 for the rest.
std::int64_t Oracle::remove_satellites() {
    std::int64_t sum = 0;
    for (const Owned& owned : k_owned) {
        if (!m_catalog.has_table(owned.table)) {
            continue;
        }
        const std::string table(owned.table);
        const std::string owners =
            fmt::format("SELECT {} FROM {}", owned.key, m_catalog.spelling(owned.owner));
        const std::int64_t followed = m_connection.execute(fmt::format(
            "DELETE FROM o_{0} WHERE {1} IN ({2}) AND {1} NOT IN (SELECT {3} FROM o_{4})", table,
            owned.column, owners, owned.key, owned.owner));
        if (followed > 0) {
            m_counts[std::string(owned.target)].satellites[table] += followed;
        }
        sum += followed;
        if (is_on("satellite") && owned.key == "id" &&
            !m_catalog.has_foreign_key(table, owned.column)) {
            const std::int64_t ownerless = m_connection.execute(
                fmt::format("DELETE FROM o_{0} WHERE {1} IS NOT NULL AND {1} NOT IN ({2})", table,
                            owned.column, owners));
            if (ownerless > 0) {
                m_counts["satellite"].removed += ownerless;
                m_counts["satellite"].satellites[table] += ownerless;
            }
            sum += ownerless;
        }
    }
    return sum;
}

}  // namespace test
