// SPDX-License-Identifier: Apache-2.0
// What SqlStore reads for the policies of tokens that have not expired, and how it removes those.
#include "db/early_statements.hpp"
#include "db/queries.hpp"
#include "db/sql_store.hpp"
#include "db/target_queries.hpp"
#include "gc/rows.hpp"

#include <map>
#include <unordered_map>
#include <unordered_set>

namespace db {

namespace {

gc::TokenFacts as_facts(const Row& row) {
    return {.id = as_integer(row.at(0)),
            .expiration = as_time(row.at(1)),
            .client_id = as_optional_integer(row.at(2)),
            .holder_id = as_optional_integer(row.at(3)),
            .refresh_token_id = as_optional_integer(row.at(4)),
            .user_auth_id = as_optional_integer(row.at(5)),
            .user = row.at(6).value_or(""),
            .client_exists = row.at(7).has_value(),
            .account_exists = row.at(8).has_value(),
            .revoked = row.at(9).has_value()};
}

// The owners' texts in the rows of a statement that returns owner and text.
using Texts = std::unordered_map<gc::Id, std::vector<std::string>>;

Texts as_texts(const Rows& rows) {
    Texts texts;
    for (const Row& row : rows) {
        if (row.at(0) && row.at(1)) {
            texts[as_integer(row.at(0))].push_back(*row.at(1));
        }
    }
    return texts;
}

std::vector<gc::Id> holders_of(const std::vector<gc::TokenFacts>& tokens) {
    std::vector<gc::Id> ids;
    for (const gc::TokenFacts& token : tokens) {
        if (token.holder_id) {
            ids.push_back(*token.holder_id);
        }
    }
    return ids;
}

}  // namespace

std::map<gc::Id, gc::EarlyClient> SqlStore::early_clients() {
    std::map<gc::Id, gc::EarlyClient> clients;
    for (const Row& row : query(queries::early::clients, {})) {
        clients[as_integer(row.at(0))] = {.client_id = row.at(1).value_or(""),
                                          .name = row.at(2).value_or(""),
                                          .validity = as_validity(row.at(3))};
    }
    if (!schema().has_column("client_grant_type", "grant_type")) {
        return clients;
    }
    for (const auto& [id, grants] : as_texts(query(queries::early::grant_types, {}))) {
        if (const auto client = clients.find(id); client != clients.end()) {
            client->second.only_client_credentials =
                grants == std::vector<std::string>{"client_credentials"};
        }
    }
    return clients;
}

gc::TokenPage SqlStore::tokens_below(gc::Target target, gc::Id below, std::int64_t limit,
                                     const gc::EarlyNeeds& needs) {
    gc::TokenPage page;
    for (const Row& row :
         query(queries::early::tokens, parts_of_tokens(target, needs), {below, limit})) {
        page.tokens.push_back(as_facts(row));
    }
    if (static_cast<std::int64_t>(page.tokens.size()) >= limit) {
        page.below = page.tokens.back().id;
    }
    return page;
}

std::vector<gc::IdleWitness> SqlStore::live_tokens_of(const std::vector<gc::Id>& refresh_tokens,
                                                      util::TimePoint now, std::int64_t limit) {
    std::vector<gc::IdleWitness> tokens;
    for (const Row& row : query(queries::early::live_tokens, {{"ids", id_list(refresh_tokens)}},
                                {util::format_time(now), limit})) {
        tokens.push_back({.access_token = as_integer(row.at(0)),
                          .refresh_token = as_integer(row.at(1)),
                          .expiration = as_time(row.at(2)).value()});
    }
    return tokens;
}

void SqlStore::describe_tokens(gc::Target target, std::vector<gc::TokenFacts>& tokens,
                               const gc::EarlyNeeds& needs) {
    const bool access = target == gc::Target::access_token;
    const bool own = access || target == gc::Target::device_code;  // has scopes of its own
    const std::vector<gc::Id> ids = gc::ids_of(tokens);
    const std::vector<gc::Id> holders = holders_of(tokens);
    Texts scopes;
    Texts audiences;
    if (access) {
        scopes = as_texts(
            query(queries::early::scopes, {{"table", "token_scope"}, {"ids", id_list(ids)}}));
    } else if (needs.scopes_of_refresh_tokens && target == gc::Target::device_code) {
        scopes = as_texts(
            query(queries::early::scopes, {{"table", "device_code_scope"}, {"ids", id_list(ids)}}));
    } else if (needs.scopes_of_refresh_tokens && !holders.empty()) {
        scopes = as_texts(query(queries::early::scopes, {{"table", "authentication_holder_scope"},
                                                         {"ids", id_list(holders)}}));
    }
    if (access && needs.audiences && !holders.empty()) {
        audiences = as_texts(query(queries::early::audiences, {{"ids", id_list(holders)}}));
    }
    const std::vector<gc::Id> found = referenced(target, ids);
    const std::unordered_set<gc::Id> referenced_ids(found.begin(), found.end());
    for (gc::TokenFacts& token : tokens) {
        const gc::Id holder = token.holder_id.value_or(0);
        token.scopes = scopes[own ? token.id : holder];
        token.audiences = audiences[holder];
        token.referenced = referenced_ids.contains(token.id);
    }
}

std::int64_t SqlStore::remove_early(gc::Target target, const std::vector<gc::Id>& ids,
                                    const gc::Policy& policy) {
    const EarlyStatement removal =
        removal_of_chosen(connection().dialect(), target, ids, *policy.early);
    return execute(*removal.statement, removal.parts, removal.parameters);
}

}  // namespace db
