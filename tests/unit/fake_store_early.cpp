// SPDX-License-Identifier: Apache-2.0
// What the fake tells the policies of tokens that have not expired.
#include "unit/fake_store.hpp"

#include <algorithm>

namespace test {

using gc::Id;
using gc::Target;

std::map<Id, gc::EarlyClient> FakeStore::early_clients() {
    enter("early_clients");
    return clients;
}

gc::TokenPage FakeStore::tokens_below(Target target, Id below, std::int64_t limit,
                                      const gc::EarlyNeeds& /*needs*/) {
    enter("tokens_below", std::string(gc::name(target)));
    gc::TokenPage page;
    const auto& rows = tables.rows[target];
    for (auto row = std::make_reverse_iterator(rows.lower_bound(below));
         row != rows.rend() && static_cast<std::int64_t>(page.tokens.size()) < limit; ++row) {
        gc::TokenFacts& token = page.tokens.emplace_back();
        token.id = row->first;
        token.expiration = row->second.expiration;
        token.client_id = row->second.client_id;
        token.holder_id = row->second.parent_id;
        token.refresh_token_id = row->second.refresh_token_id;
        const auto& holders = tables.rows[Target::authentication_holder];
        if (const auto holder = holders.find(token.holder_id.value_or(0));
            holder != holders.end()) {
            token.user_auth_id = holder->second.parent_id;
            token.user = users[token.user_auth_id.value_or(0)];
        }
        token.client_exists = clients.contains(token.client_id.value_or(0));
        page.below = token.id;
    }
    if (static_cast<std::int64_t>(page.tokens.size()) < limit) {
        page.below.reset();
    }
    return page;
}

void FakeStore::describe_tokens(Target target, std::vector<gc::TokenFacts>& tokens,
                                const gc::EarlyNeeds& /*needs*/) {
    enter("describe_tokens", std::string(gc::name(target)));
    const auto& scopes = tables.satellites["token_scope"];
    for (gc::TokenFacts& token : tokens) {
        token.referenced = !tables.references(target, token.id).empty();
        for (auto [scope, end] = scopes.equal_range(token.id);
             target == Target::access_token && scope != end; ++scope) {
            token.scopes.push_back(scope->second);
        }
    }
}

std::vector<gc::IdleWitness> FakeStore::live_tokens_of(const std::vector<Id>& refresh_tokens,
                                                       util::TimePoint after, std::int64_t limit) {
    enter("live_tokens_of");
    std::vector<gc::IdleWitness> tokens;
    for (const auto& [id, row] : tables.rows[Target::access_token]) {
        const Id refresh_token = row.refresh_token_id.value_or(0);
        if (std::ranges::find(refresh_tokens, refresh_token) != refresh_tokens.end() &&
            row.expiration && *row.expiration > after &&
            std::ranges::find(tokens, refresh_token, &gc::IdleWitness::refresh_token) ==
                tokens.end() &&
            static_cast<std::int64_t>(tokens.size()) < limit) {
            tokens.push_back({.access_token = id,
                              .refresh_token = refresh_token,
                              .expiration = *row.expiration});
        }
    }
    return tokens;
}

}  // namespace test
