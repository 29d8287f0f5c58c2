// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/archive_rows.hpp"
#include "gc/policy.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

using Json = nlohmann::ordered_json;

// The cell of a column of this set; nothing when it is NULL or not among the columns.
db::Cell cell_of(const db::RowSet& set, const db::Row& row, std::string_view column);

// What the program knows about a batch's rows besides the rows themselves.
struct Around {
    std::string run{};
    std::map<gc::Id, std::string> clients{};              // OAuth names by id
    std::map<gc::Id, std::string> users{};                // by holder
    std::map<gc::Id, std::string> clients_of_holders{};   // OAuth names, for codes
    std::map<gc::Id, std::vector<std::string>> scopes{};  // by access token
};

// One row of a target: key, parents, client, user, scopes, expiration, hash, reason.
// `policy` tells the reason: that of a policy for rows it chose before they expired.
Json record_of(gc::Target target, const db::RowSet& set, const db::Row& row, const Around& around,
               const gc::Policy& policy);

// One row of a satellite table: its owner.
Json record_of_satellite(const db::RowSet& set, const db::Row& row, const std::string& run);

// Adds every column with its value, for Mode::full. Bytes that are no UTF-8 become {"hex": "..."}.
void add_columns(Json& record, const db::RowSet& set, const db::Row& row);

// The cell that add_columns wrote; throws Error(data) on anything else.
db::Cell cell_of(const Json& value);

}  // namespace archive
