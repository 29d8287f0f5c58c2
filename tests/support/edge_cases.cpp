// SPDX-License-Identifier: Apache-2.0
#include "support/edge_cases.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace test {

namespace {

struct Below {
    std::string_view owner;
    std::string_view table;
    std::string_view column;
};

constexpr std::array k_below{
    Below{"access_token", "token_scope", "owner_id"},
    Below{"access_token", "access_token_permissions", "access_token_id"},
    Below{"authentication_holder", "authentication_holder_scope", "owner_id"},
    Below{"authentication_holder", "authentication_holder_authority", "owner_id"},
    Below{"authentication_holder", "authentication_holder_extension", "owner_id"},
    Below{"authentication_holder", "authentication_holder_request_parameter", "owner_id"},
    Below{"authentication_holder", "authentication_holder_resource_id", "owner_id"},
    Below{"authentication_holder", "authentication_holder_response_type", "owner_id"},
    Below{"saved_user_auth", "saved_user_auth_authority", "owner_id"},
    Below{"saved_user_auth", "saved_user_auth_info", "owner_id"},
    Below{"device_code", "device_code_scope", "owner_id"},
    Below{"device_code", "device_code_request_parameter", "owner_id"},
    Below{"permission", "permission_scope", "owner_id"},
};

}  // namespace

Scene::Scene(IamWriter& writer, util::TimePoint now)
    : rows(writer),
      at{.now = now},
      m_collects_refresh_tokens(writer.catalog().has_index("access_token", "refresh_token_id")),
      m_collects_user_auths(writer.catalog().has_index("authentication_holder", "user_auth_id")) {}

Login Scene::login(const std::string& user) {
    const gc::Id user_auth = rows.user_auth({.name = user, .authorities = 2, .information = 2});
    return {.user_auth = user_auth, .holder = rows.holder({.user_auth = user_auth})};
}

Login Scene::grace_token() {
    const Login login = this->login();
    rows.access_token({.expiration = at.in_grace(), .holder = login.holder});
    return login;
}

void Scene::goes(std::string_view table, gc::Id id) {
    goes(table, "id", std::to_string(id));
    for (const Below& below : k_below) {
        if (below.owner == table) {
            goes(below.table, below.column, std::to_string(id));
        }
    }
}

void Scene::goes(const Login& login) {
    goes("authentication_holder", login.holder);
    goes_if(m_collects_user_auths, "saved_user_auth", login.user_auth);
}

void Scene::goes_if(bool condition, std::string_view table, gc::Id id) {
    if (condition) {
        goes(table, id);
    }
}

void Scene::goes(std::string_view table, std::string_view column, const std::string& value) {
    m_gone.push_back({.table = std::string(table), .column = std::string(column), .value = value});
}

void Scene::apply(Snapshot& snapshot) const {
    for (const Gone& gone : m_gone) {
        if (snapshot.contains(gone.table)) {
            erase_rows(snapshot, gone.table, gone.column, gone.value);
        }
    }
}

bool holders_may_dangle(const Catalog& catalog) {
    return !catalog.has_foreign_key("access_token", "auth_holder_id");
}

const std::vector<EdgeCase>& edge_cases() {
    static const std::vector<EdgeCase> all = [] {
        std::vector<EdgeCase> cases;
        for (const auto& part : {access_token_cases(), refresh_token_cases(), code_cases(),
                                 holder_cases(), satellite_cases(), other_cases()}) {
            cases.insert(cases.end(), part.begin(), part.end());
        }
        return cases;
    }();
    return all;
}

const EdgeCase& edge_case(std::string_view name) {
    for (const EdgeCase& each : edge_cases()) {
        if (each.name == name) {
            return each;
        }
    }
    throw std::out_of_range(fmt::format("there is no edge case {}", name));
}

void write_edge_cases(IamWriter& writer, util::TimePoint now) {
    Scene scene(writer, now);
    for (const EdgeCase& each : edge_cases()) {
        if (!each.exact && each.possible_in(writer.catalog())) {
            each.write(scene);
        }
    }
}

}  // namespace test
