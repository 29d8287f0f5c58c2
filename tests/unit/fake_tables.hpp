// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace test {

// A row of any table with an id; which fields it has depends on the table.
struct Row {
    std::optional<util::TimePoint> expiration{};
    std::optional<gc::Id> client_id{};
    std::optional<gc::Id> parent_id{};         // its holder, or the user authentication of a holder
    std::optional<gc::Id> refresh_token_id{};  // of an access token
    std::optional<gc::Id> permission_id{};     // of a permission ticket

    bool operator==(const Row&) const = default;
};

// The contents of a database without foreign keys, so that whatever a removal forgets stays behind.
// Two of these are equal when they hold the same rows.
struct Tables {
    std::map<gc::Target, std::map<gc::Id, Row>> rows{};
    // By table, then owner; the value is the scope, or the permission of a token.
    std::map<std::string, std::multimap<gc::Id, std::string>> satellites{};
    std::map<gc::Target, std::map<std::string, std::optional<util::TimePoint>>> keyed{};
    std::multimap<std::string, std::string> session_attributes{};

    // True when both hold the same rows; a table without rows is as good as none.
    bool operator==(const Tables& other) const;

    // Rows with one satellite in each table that belongs to them.
    Row& add(gc::Target target, gc::Id id, const Row& row = {});
    void add_satellites(const std::string& table, gc::Id owner, std::int64_t count);

    bool has(gc::Target target, gc::Id id) const;
    std::int64_t count(gc::Target target) const;
    std::int64_t satellite_count(const std::string& table, gc::Id owner) const;
    // Satellites of every id-keyed table whose owner does not exist.
    std::int64_t ownerless_count() const;

    // Every row that refers to this one.
    std::vector<gc::Reference> references(gc::Target target, gc::Id id) const;
    // True when the token has a scope that keeps it whatever its expiration.
    bool is_registration(gc::Id access_token) const;
    // What the condition of a removal says (iam-database.md 6).
    bool may_go(gc::Target target, gc::Id id, const gc::Policy& policy) const;
};

}  // namespace test
