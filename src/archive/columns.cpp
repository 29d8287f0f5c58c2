// SPDX-License-Identifier: Apache-2.0
#include "archive/columns.hpp"

#include <algorithm>
#include <span>

namespace archive {

namespace {

// Never a value, a code or a secret: token_value_hash and hash_value are SHA-256 sums that no
// client can present (iam-database.md 1 and 5).
std::vector<std::string> narrow_columns(gc::Target target) {
    switch (target) {
    case gc::Target::access_token:
        return {"id",
                "expiration",
                "client_id",
                "auth_holder_id",
                "refresh_token_id",
                "token_value_hash"};
    case gc::Target::refresh_token:
        return {"id", "expiration", "client_id", "auth_holder_id"};
    case gc::Target::authorization_code:
        return {"id", "expiration", "auth_holder_id"};
    case gc::Target::device_code:
        return {"id", "expiration", "client_id", "auth_holder_id"};
    case gc::Target::authentication_holder:
        return {"id", "client_id", "user_auth_id"};
    case gc::Target::saved_user_auth:
        return {"id", "name"};
    case gc::Target::permission_ticket:
        return {"id", "expiration", "permission_id"};
    case gc::Target::permission:
        return {"id"};
    case gc::Target::iam_revoked_at:
        return {"hash_value", "expiration"};
    case gc::Target::spring_session:
        return {"primary_id", "expiry_time", "principal_name"};
    case gc::Target::satellite:
        break;
    }
    return {};
}

std::string key_of(gc::Target target) {
    if (target == gc::Target::iam_revoked_at) {
        return "hash_value";
    }
    return target == gc::Target::spring_session ? "primary_id" : "id";
}

std::vector<std::string> present(std::vector<std::string> columns, std::string_view table,
                                 const gc::Schema& schema) {
    std::erase_if(columns,
                  [&](const std::string& column) { return !schema.has_column(table, column); });
    return columns;
}

}  // namespace

std::string_view name(Mode mode) {
    return mode == Mode::full ? "full" : "ids";
}

db::RowSet columns_of(gc::Target target, const gc::Schema& schema, Mode mode) {
    const std::string_view table = gc::name(target);
    const gc::Table* const found = schema.find(table);
    db::RowSet set{.table = std::string(table), .columns = {}, .key = key_of(target)};
    if (found != nullptr) {
        set.columns =
            mode == Mode::full ? found->columns : present(narrow_columns(target), table, schema);
    }
    return set;
}

db::RowSet columns_of(const gc::Satellite& satellite, const gc::Schema& schema, Mode mode) {
    db::RowSet set{.table = gc::lower_name(satellite.table),
                   .columns = {},
                   .key = gc::lower_name(satellite.owner_column)};
    const gc::Table* const found = schema.find(satellite.table);
    if (found != nullptr && mode == Mode::full) {
        set.columns = found->columns;
    } else if (found != nullptr) {
        set.columns = {set.key};
        if (satellite.table == "token_scope") {
            set.columns.emplace_back("scope");
        }
    }
    return set;
}

std::vector<db::RowSet> columns_needed(const gc::Schema& schema, Mode mode) {
    std::vector<db::RowSet> sets;
    const auto add = [&](db::RowSet set) {
        if (!set.columns.empty()) {
            sets.push_back(std::move(set));
        }
    };
    for (const gc::Target target : gc::k_targets) {
        if (target == gc::Target::satellite) {
            continue;
        }
        add(columns_of(target, schema, mode));
        for (const gc::Satellite& satellite : gc::satellites_of(target)) {
            add(columns_of(satellite, schema, mode));
        }
    }
    return sets;
}

}  // namespace archive
