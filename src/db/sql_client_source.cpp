// SPDX-License-Identifier: Apache-2.0
#include "db/sql_client_source.hpp"

#include "db/queries.hpp"
#include "db/target_queries.hpp"
#include "gc/target.hpp"
#include "util/error.hpp"

#include <string_view>
#include <vector>

namespace db {

namespace {

// The token tables and what a token takes along in others.
std::vector<std::string_view> sized_tables() {
    std::vector<std::string_view> tables;
    for (const gc::Target target :
         {gc::Target::access_token, gc::Target::refresh_token, gc::Target::authentication_holder,
          gc::Target::saved_user_auth}) {
        tables.push_back(gc::name(target));
        for (const gc::Satellite& satellite : gc::satellites_of(target)) {
            tables.push_back(satellite.table);
        }
    }
    return tables;
}

Part table_part(gc::TokenTable table) {
    return {.name = "table",
            .text = table == gc::TokenTable::access_token ? "access_token" : "refresh_token"};
}

std::optional<bool> as_boolean(const Cell& cell) {
    return cell ? std::optional(*cell == "1" || *cell == "t") : std::nullopt;
}

std::optional<util::TimePoint> as_readable_time(const Cell& cell) {
    try {
        return cell ? std::optional(util::parse_time(*cell)) : std::nullopt;
    } catch (const util::Error&) {  // a zero date of MySQL, infinity of PostgreSQL: no moment
        return std::nullopt;
    }
}

struct DetailTable {
    std::string_view table{};
    const Statement& statement;
};

DetailTable table_of(gc::ClientDetail detail) {
    switch (detail) {
    case gc::ClientDetail::grant_type:
        return {"client_grant_type", queries::client::grant_type};
    case gc::ClientDetail::contact:
        return {"client_contact", queries::client::contact};
    case gc::ClientDetail::owner:
        return {"iam_account_client", queries::client::owner};
    case gc::ClientDetail::last_used:
        break;
    }
    return {"client_last_used", queries::client::last_used};
}

}  // namespace

Rows SqlClientSource::query(const Statement& statement, const std::vector<Part>& parts,
                            const std::vector<Value>& parameters) {
    return m_connection.query(filled(statement.text(m_connection.dialect()), parts), parameters);
}

Part SqlClientSource::optional_column(std::string_view column) const {
    return {.name = column,
            .text = m_schema.has_column("client_details", column) ? std::string(column) : "NULL"};
}

std::vector<gc::Client> SqlClientSource::clients(gc::Id after, std::int64_t rows) {
    std::vector<gc::Client> clients;
    for (const Row& row : query(queries::client::list,
                                {optional_column("refresh_token_validity_seconds"),
                                 optional_column("dynamically_registered"),
                                 optional_column("active"), optional_column("created_at")},
                                {after, rows})) {
        clients.push_back({.id = as_integer(row.at(0)),
                           .client_id = row.at(1).value_or(""),
                           .name = row.at(2).value_or(""),
                           .validity = as_validity(row.at(3)),
                           .refresh_validity = as_validity(row.at(4)),
                           .dynamically_registered = as_boolean(row.at(5)),
                           .active = as_boolean(row.at(6)),
                           .created = as_readable_time(row.at(7))});
    }
    return clients;
}

std::vector<gc::ClientNote> SqlClientSource::notes(gc::ClientDetail detail, gc::IdRange clients) {
    const DetailTable from = table_of(detail);
    std::vector<gc::ClientNote> notes;
    if (m_schema.find(from.table) == nullptr) {
        return notes;
    }
    for (const Row& row : query(from.statement, {}, {clients.after, clients.last})) {
        if (row.at(0) && row.at(1)) {
            notes.push_back({.client = as_integer(row.at(0)), .text = *row.at(1)});
        }
    }
    return notes;
}

gc::TokenSlice SqlClientSource::slice(gc::TokenTable table, gc::Id after, std::int64_t rows) {
    const Rows found = query(queries::client::slice, {table_part(table)}, {after, rows});
    return {.ids = {.after = after, .last = as_optional_integer(found.at(0).at(0)).value_or(after)},
            .rows = as_integer(found.at(0).at(1))};
}

std::vector<gc::TokenGroup> SqlClientSource::access_tokens(gc::IdRange ids,
                                                           const gc::Policy& policy) {
    const Value now = util::format_time(policy.now);
    const Value cutoff = util::format_time(policy.cutoff);
    std::vector<gc::TokenGroup> groups;
    for (const Row& row :
         query(queries::client::access_tokens, {}, {now, now, cutoff, now, ids.after, ids.last})) {
        gc::TokenGroup group{.client = as_optional_integer(row.at(0)),
                             .live = as_integer(row.at(2)),
                             .expired = as_integer(row.at(3)),
                             .never_expiring = as_integer(row.at(4)),
                             .left = as_integer(row.at(5)),
                             .renewable = as_integer(row.at(6))};
        if (const auto minute = as_optional_integer(row.at(1))) {
            group.minute = util::TimePoint{std::chrono::minutes{*minute}};
        }
        groups.push_back(group);
    }
    return groups;
}

std::vector<gc::RefreshGroup> SqlClientSource::refresh_tokens(gc::IdRange ids,
                                                              const gc::Policy& policy) {
    const Value now = util::format_time(policy.now);
    std::vector<gc::RefreshGroup> groups;
    for (const Row& row :
         query(queries::client::refresh_tokens, {}, {now, now, ids.after, ids.last})) {
        groups.push_back({.client = as_optional_integer(row.at(0)),
                          .live = as_integer(row.at(1)),
                          .expired = as_integer(row.at(2)),
                          .never_expiring = as_integer(row.at(3))});
    }
    return groups;
}

std::vector<gc::UserTokens> SqlClientSource::users(gc::TokenTable table, gc::IdRange ids,
                                                   const gc::Policy& policy) {
    std::vector<gc::UserTokens> users;
    for (const Row& row : query(queries::client::users, {table_part(table)},
                                {util::format_time(policy.now), ids.after, ids.last})) {
        users.push_back({.client = as_optional_integer(row.at(0)),
                         .user = row.at(1).value_or(""),
                         .tokens = as_integer(row.at(2)),
                         .usable = as_integer(row.at(3))});
    }
    return users;
}

std::vector<gc::ClientTokens> SqlClientSource::registrations(gc::IdRange ids) {
    std::vector<gc::ClientTokens> tokens;
    for (const Row& row : query(queries::client::registrations, {}, {ids.after, ids.last})) {
        tokens.push_back(
            {.client = as_optional_integer(row.at(0)), .tokens = as_integer(row.at(1))});
    }
    return tokens;
}

std::int64_t SqlClientSource::bytes() {
    std::vector<Value> names;
    for (const std::string_view name : sized_tables()) {
        if (const gc::Table* const table = m_schema.find(name)) {
            names.emplace_back(table->name);
        }
    }
    const bool by_table = m_connection.dialect() != Dialect::sqlite;
    const Rows found =
        query(queries::client::bytes, {{.name = "names", .text = placeholder_list(names.size())}},
              by_table ? names : std::vector<Value>{});
    return as_integer(found.at(0).at(0));
}

}  // namespace db
