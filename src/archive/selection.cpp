// SPDX-License-Identifier: Apache-2.0
#include "archive/selection.hpp"

#include "gc/schema.hpp"
#include "gc/target.hpp"

#include <nlohmann/json.hpp>

namespace archive {

std::string owner_table_of(const std::string& table) {
    for (const gc::Satellite& satellite : gc::all_satellites()) {
        if (satellite.table == table) {
            return std::string(satellite.owner_table);
        }
    }
    return table == "spring_session_attributes" ? "spring_session" : std::string();
}

void Selection::choose(const Json& row, const char* key, const std::string& table) {
    if (row.contains(key) && row[key].is_number_integer()) {
        m_chosen[table].insert(row[key].get<gc::Id>());
    }
}

void Selection::look_at(const Json& row) {
    const std::string table = row.value("table", "");
    if (m_client.empty() || !row.contains("id")) {
        return;
    }
    const auto chosen = m_chosen.find(table);
    const bool pointed_to =
        chosen != m_chosen.end() && chosen->second.contains(row["id"].get<gc::Id>());
    if (pointed_to || row.value("client", "") == m_client) {
        choose(row, "id", table);
        choose(row, "holder", "authentication_holder");
        choose(row, "refresh_token", "refresh_token");
        choose(row, "user_auth", "saved_user_auth");
    }
}

bool Selection::contains(const Json& row) const {
    if (m_client.empty()) {
        return true;
    }
    const std::string table = row.value("table", "");
    const std::string owner = owner_table_of(table);
    const char* const key = owner.empty() ? "id" : "owner";
    const auto chosen = m_chosen.find(owner.empty() ? table : owner);
    return chosen != m_chosen.end() && row.contains(key) && row[key].is_number_integer() &&
           chosen->second.contains(row[key].get<gc::Id>());
}

}  // namespace archive
