// SPDX-License-Identifier: Apache-2.0
#include "archive/record.hpp"

#include "util/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace archive {

namespace {

// A column and the key of its number in a record.
struct NumberKey {
    std::string_view column;
    const char* key;
};

constexpr std::array k_numbers{
    NumberKey{"id", "id"},
    NumberKey{"auth_holder_id", "holder"},
    NumberKey{"refresh_token_id", "refresh_token"},
    NumberKey{"user_auth_id", "user_auth"},
    NumberKey{"permission_id", "permission"},
};

// The same for what is written as the database prints it.
constexpr std::array k_texts{
    NumberKey{"hash_value", "hash"},        NumberKey{"token_value_hash", "hash"},
    NumberKey{"primary_id", "key"},         NumberKey{"expiration", "expiration"},
    NumberKey{"expiry_time", "expiration"}, NumberKey{"name", "user"},
    NumberKey{"principal_name", "user"},
};

bool has_numeric_client(gc::Target target) {
    return target == gc::Target::access_token || target == gc::Target::refresh_token;
}

void add_client(Json& record, gc::Target target, const db::Cell& cell, const Around& around) {
    if (!cell) {
        return;
    }
    if (!has_numeric_client(target)) {
        record["client"] = *cell;
        return;
    }
    const gc::Id id = db::as_integer(cell);
    record["client_id"] = id;
    if (const auto found = around.clients.find(id); found != around.clients.end()) {
        record["client"] = found->second;
    }
}

void add_user(Json& record, gc::Target target, const db::RowSet& set, const db::Row& row,
              const Around& around) {
    const char* const column =
        target == gc::Target::authentication_holder ? "id" : "auth_holder_id";
    const auto holder = db::as_optional_integer(cell_of(set, row, column));
    if (const auto found = holder ? around.users.find(*holder) : around.users.end();
        found != around.users.end()) {
        record["user"] = found->second;
    }
}

std::string hex_of(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
    return text;
}

std::string bytes_of(const std::string& hex) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned int byte = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

bool is_utf8(const std::string& text) {
    try {
        static_cast<void>(Json(text).dump());
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

}  // namespace

db::Cell cell_of(const db::RowSet& set, const db::Row& row, std::string_view column) {
    const auto found = std::ranges::find(set.columns, column);
    return found == set.columns.end()
               ? std::nullopt
               : row.at(static_cast<std::size_t>(found - set.columns.begin()));
}

Json record_of(gc::Target target, const db::RowSet& set, const db::Row& row, const Around& around,
               const gc::Policy& policy) {
    Json record{{"record", "row"}, {"run", around.run}, {"table", set.table}};
    for (const NumberKey& known : k_numbers) {
        if (const db::Cell cell = cell_of(set, row, known.column)) {
            record[known.key] = db::as_integer(cell);
        }
    }
    add_client(record, target, cell_of(set, row, "client_id"), around);
    if (target == gc::Target::authorization_code) {
        const auto holder = db::as_optional_integer(cell_of(set, row, "auth_holder_id"));
        const auto found = around.clients_of_holders.find(holder.value_or(0));
        if (found != around.clients_of_holders.end()) {
            record["client"] = found->second;
        }
    }
    add_user(record, target, set, row, around);
    for (const NumberKey& known : k_texts) {
        if (const db::Cell cell = cell_of(set, row, known.column)) {
            record[known.key] = *cell;
        }
    }
    if (target == gc::Target::access_token) {
        const auto scopes = around.scopes.find(record.value("id", gc::Id{0}));
        record["scopes"] = scopes == around.scopes.end() ? Json::array() : Json(scopes->second);
    }
    record["reason"] = policy.early          ? gc::name(policy.early->policy)
                       : gc::expires(target) ? "expired"
                                             : "orphan";
    return record;
}

Json record_of_satellite(const db::RowSet& set, const db::Row& row, const std::string& run) {
    Json record{{"record", "row"}, {"run", run}, {"table", set.table}};
    const db::Cell owner = cell_of(set, row, set.key);
    if (set.key == "session_primary_id") {
        record["owner"] = owner.value_or("");
    } else {
        record["owner"] = db::as_integer(owner);
    }
    return record;
}

void add_columns(Json& record, const db::RowSet& set, const db::Row& row) {
    Json& columns = record["columns"] = Json::object();
    for (std::size_t i = 0; i < set.columns.size(); ++i) {
        const db::Cell& cell = row.at(i);
        if (!cell) {
            columns[set.columns[i]] = nullptr;
        } else if (is_utf8(*cell)) {
            columns[set.columns[i]] = *cell;
        } else {
            columns[set.columns[i]] = {{"hex", hex_of(*cell)}};
        }
    }
}

db::Cell cell_of(const Json& value) {
    if (value.is_null()) {
        return std::nullopt;
    }
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_object() && value.contains("hex") && value["hex"].is_string()) {
        return bytes_of(value["hex"].get<std::string>());
    }
    throw util::Error(util::ErrorKind::data,
                      "a row of the archive has a value that is no text; verify the archive");
}

}  // namespace archive
