// SPDX-License-Identifier: Apache-2.0
#include "unit/fake_tables.hpp"

namespace test {

namespace {

using gc::Id;
using gc::Target;

void collect_parents(const Tables& tables, Target referrer, Id parent,
                     std::vector<gc::Reference>& found) {
    const auto table = tables.rows.find(referrer);
    if (table == tables.rows.end()) {
        return;
    }
    for (const auto& [id, row] : table->second) {
        if (row.parent_id == parent) {
            found.push_back({.referrer = referrer, .referrer_id = id, .id = parent});
        }
    }
}

void collect_permission_users(const Tables& tables, Id permission,
                              std::vector<gc::Reference>& found) {
    const auto joins = tables.satellites.find("access_token_permissions");
    if (joins != tables.satellites.end()) {
        for (const auto& [token, value] : joins->second) {
            if (value == std::to_string(permission)) {
                found.push_back(
                    {.referrer = Target::access_token, .referrer_id = token, .id = permission});
            }
        }
    }
    const auto tickets = tables.rows.find(Target::permission_ticket);
    if (tickets != tables.rows.end()) {
        for (const auto& [ticket, row] : tickets->second) {
            if (row.permission_id == permission) {
                found.push_back({.referrer = Target::permission_ticket,
                                 .referrer_id = ticket,
                                 .id = permission});
            }
        }
    }
}

template <typename Map>
Map without_empty(Map tables) {
    std::erase_if(tables, [](const auto& table) { return table.second.empty(); });
    return tables;
}

}  // namespace

bool Tables::operator==(const Tables& other) const {
    return without_empty(rows) == without_empty(other.rows) &&
           without_empty(satellites) == without_empty(other.satellites) &&
           without_empty(keyed) == without_empty(other.keyed) &&
           session_attributes == other.session_attributes;
}

Row& Tables::add(Target target, Id id, const Row& row) {
    for (const gc::Satellite& satellite : gc::satellites_of(target)) {
        if (satellite.table != "access_token_permissions") {
            add_satellites(std::string(satellite.table), id, 1);
        }
    }
    return rows[target][id] = row;
}

void Tables::add_satellites(const std::string& table, Id owner, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        satellites[table].emplace(owner, "openid");
    }
}

bool Tables::has(Target target, Id id) const {
    const auto table = rows.find(target);
    return table != rows.end() && table->second.contains(id);
}

std::int64_t Tables::count(Target target) const {
    const auto table = rows.find(target);
    return table == rows.end() ? 0 : static_cast<std::int64_t>(table->second.size());
}

std::int64_t Tables::satellite_count(const std::string& table, Id owner) const {
    const auto found = satellites.find(table);
    return found == satellites.end() ? 0 : static_cast<std::int64_t>(found->second.count(owner));
}

std::int64_t Tables::ownerless_count() const {
    std::int64_t count = 0;
    for (const gc::Satellite& satellite : gc::all_satellites()) {
        const auto found = satellites.find(std::string(satellite.table));
        if (found == satellites.end()) {
            continue;
        }
        for (const auto& [owner, value] : found->second) {
            count += has(gc::target_of(satellite.owner_table).value(), owner) ? 0 : 1;
        }
    }
    return count;
}

std::vector<gc::Reference> Tables::references(Target target, Id id) const {
    std::vector<gc::Reference> found;
    if (target == Target::authentication_holder) {
        for (const Target referrer : {Target::access_token, Target::refresh_token,
                                      Target::authorization_code, Target::device_code}) {
            collect_parents(*this, referrer, id, found);
        }
    } else if (target == Target::saved_user_auth) {
        collect_parents(*this, Target::authentication_holder, id, found);
    } else if (target == Target::permission) {
        collect_permission_users(*this, id, found);
    } else if (target == Target::refresh_token && rows.contains(Target::access_token)) {
        for (const auto& [token, row] : rows.at(Target::access_token)) {
            if (row.refresh_token_id == id) {
                found.push_back({.referrer = Target::access_token, .referrer_id = token, .id = id});
            }
        }
    }
    return found;
}

bool Tables::is_registration(Id access_token) const {
    const auto scopes = satellites.find("token_scope");
    if (scopes == satellites.end()) {
        return false;
    }
    const auto [first, last] = scopes->second.equal_range(access_token);
    for (auto scope = first; scope != last; ++scope) {
        if (scope->second == "registration-token" || scope->second == "resource-token") {
            return true;
        }
    }
    return false;
}

bool Tables::may_go(Target target, Id id, const gc::Policy& policy) const {
    if (!has(target, id)) {
        return false;
    }
    const Row& row = rows.at(target).at(id);
    if (policy.early) {
        return policy.early->holds(row.expiration, row.client_id) && references(target, id).empty();
    }
    const bool expired =
        !gc::expires(target) || (row.expiration && *row.expiration <= policy.cutoff);
    return expired && references(target, id).empty();
}

}  // namespace test
