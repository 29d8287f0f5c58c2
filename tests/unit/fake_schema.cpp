// SPDX-License-Identifier: Apache-2.0
#include "unit/fake_schema.hpp"

#include <array>
#include <sstream>
#include <string>

namespace test {

namespace {

// "table column column*": a star marks a column that leads an index.
constexpr std::array k_common_tables{
    "access_token id* expiration* client_id auth_holder_id* refresh_token_id",
    "refresh_token id* expiration client_id auth_holder_id*",
    "token_scope owner_id* scope",
    "access_token_permissions access_token_id permission_id",
    "authentication_holder id* user_auth_id client_id",
    "authentication_holder_scope owner_id* scope",
    "authentication_holder_authority owner_id* authority",
    "authentication_holder_extension owner_id* extension val",
    "authentication_holder_request_parameter owner_id* param val",
    "authentication_holder_resource_id owner_id* resource_id",
    "authentication_holder_response_type owner_id* response_type",
    "saved_user_auth id* name",
    "saved_user_auth_authority owner_id* authority",
    "authorization_code id* auth_holder_id* expiration",
    "device_code id* expiration client_id auth_holder_id",
    "device_code_scope owner_id scope",
    "device_code_request_parameter owner_id param val",
    "permission id*",
    "permission_scope owner_id scope",
    "permission_ticket id* permission_id expiration",
    "claim_to_permission_ticket permission_ticket_id claim_id",
    "client_details id* client_id* client_name access_token_validity_seconds",
};

constexpr std::array k_iam_tables{
    "access_token id* expiration* client_id* auth_holder_id* refresh_token_id* token_value_hash*",
    "access_token_permissions access_token_id* permission_id*",
    "authentication_holder id* user_auth_id* client_id*",
    "saved_user_auth_info owner_id* info_key info_val",
    "iam_revoked_at hash_value* expiration",
    "spring_session primary_id* session_id* expiry_time*",
    "spring_session_attributes session_primary_id* attribute_name",
};

// "table.column referenced_table rule"
constexpr std::array k_iam_foreign_keys{
    "access_token auth_holder_id authentication_holder CASCADE",
    "access_token refresh_token_id refresh_token SET-NULL",
    "access_token client_id client_details CASCADE",
    "refresh_token auth_holder_id authentication_holder CASCADE",
    "refresh_token client_id client_details CASCADE",
    "authorization_code auth_holder_id authentication_holder CASCADE",
    "token_scope owner_id access_token CASCADE",
    "access_token_permissions access_token_id access_token CASCADE",
    "access_token_permissions permission_id permission CASCADE",
    "authentication_holder user_auth_id saved_user_auth CASCADE",
    "authentication_holder_scope owner_id authentication_holder CASCADE",
    "authentication_holder_authority owner_id authentication_holder CASCADE",
    "authentication_holder_extension owner_id authentication_holder CASCADE",
    "authentication_holder_request_parameter owner_id authentication_holder CASCADE",
    "authentication_holder_resource_id owner_id authentication_holder CASCADE",
    "authentication_holder_response_type owner_id authentication_holder CASCADE",
    "spring_session_attributes session_primary_id spring_session CASCADE",
};

void add_table(gc::Schema& schema, const std::string& line) {
    std::istringstream words(line);
    gc::Table table;
    words >> table.name;
    for (std::string column; words >> column;) {
        if (column.ends_with('*')) {
            column.pop_back();
            table.indexed.push_back(column);
        }
        table.columns.push_back(column);
    }
    schema.tables[table.name] = table;
}

void add_foreign_key(gc::Schema& schema, const std::string& line) {
    std::istringstream words(line);
    gc::ForeignKey key;
    words >> key.table >> key.column >> key.referenced_table >> key.delete_rule;
    key.name = "fk_" + key.table + "_" + key.column;
    schema.foreign_keys.push_back(key);
}

}  // namespace

gc::Schema mitreid_schema() {
    gc::Schema schema{.server = "PostgreSQL 15.5",
                      .database = "oidc",
                      .level = "no history table (MITREid Connect)"};
    for (const char* const line : k_common_tables) {
        add_table(schema, line);
    }
    return schema;
}

gc::Schema iam_schema() {
    gc::Schema schema = mitreid_schema();
    schema.server = "MariaDB 10.11.6";
    schema.database = "iam";
    schema.level = "V121";
    for (const char* const line : k_iam_tables) {
        add_table(schema, line);
    }
    for (auto& [name, table] : schema.tables) {
        table.engine = "InnoDB";
    }
    for (const char* const line : k_iam_foreign_keys) {
        add_foreign_key(schema, line);
    }
    return schema;
}

void drop_index(gc::Schema& schema, std::string_view table, std::string_view column) {
    std::erase(schema.tables.at(std::string(table)).indexed, column);
}

void drop_column(gc::Schema& schema, std::string_view table, std::string_view column) {
    drop_index(schema, table, column);
    std::erase(schema.tables.at(std::string(table)).columns, column);
}

}  // namespace test
