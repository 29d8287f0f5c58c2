// SPDX-License-Identifier: Apache-2.0
#include "sim/seed_rows.hpp"

#include "sim/random.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <utility>

namespace sim {

namespace {

template <typename... Values>
void append(Bulk& bulk, BulkTable table, fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(bulk.row(table)), format, std::forward<Values>(values)...);
}

void append_texts(Bulk& bulk, BulkTable table, Id owner, const Texts& texts) {
    for (const std::string& text : texts) {
        append(bulk, table, "({},'{}')", owner, text);
    }
}

void append_pairs(Bulk& bulk, BulkTable table, Id owner, const NamedValues& pairs) {
    for (const auto& [name, value] : pairs) {
        append(bulk, table, "({},'{}','{}')", owner, name, value);
    }
}

std::string id_or_null(bool exists, Id id) {
    return exists ? std::to_string(id) : "NULL";
}

}  // namespace

void SeedRows::add(Bulk& bulk, const Event& event, TableIds ids) {
    switch (event.legacy) {
    case Legacy::code:
        add_codes(bulk, event, ids);
        return;
    case Legacy::device:
    case Legacy::approved_device:
        add_device(bulk, event, ids, event.legacy == Legacy::approved_device);
        return;
    case Legacy::login:
    case Legacy::login_without_refresh:
        // The holder of the code, an orphan since the code was redeemed.
        keep_or_count(add_holder(bulk, authorize_content(event.client, event.nonce), ids.holder++,
                                 ids.user_auth++));
        break;
    default:
        break;
    }
    add_tokens(bulk, event, ids, content_of(event));
}

HolderContent SeedRows::content_of(const Event& event) const {
    switch (event.legacy) {
    case Legacy::login:
    case Legacy::login_without_refresh:
        return redeem_content(event.client, event.nonce);
    case Legacy::registration:
        return registration_content(event.client);
    case Legacy::exchange: {
        const AccessToken subject{.nonce = scrambled(event.nonce, 8),
                                  .issued = event.issued,
                                  .expiration = event.expiration};
        return exchange_content(event.client, event.nonce,
                                access_token_value(subject, event.client), true);
    }
    default:
        return client_credentials_content(event.client, event.nonce);
    }
}

// A family of one holder and its user authentication.
Family SeedRows::add_holder(Bulk& bulk, const HolderContent& content, Id holder,
                            Id user_auth) const {
    Family family{.client = content.client, .holder = holder_of(content, holder)};
    append(bulk, BulkTable::holder, "({},{},TRUE,{},'{}')", holder,
           id_or_null(content.user.has_value(), user_auth),
           content.redirect_uri.empty() ? "NULL" : quoted(content.redirect_uri),
           client_id(content.client));
    append_texts(bulk, BulkTable::holder_authority, holder, content.authorities);
    append_pairs(bulk, BulkTable::holder_extension, holder, content.extensions);
    append_pairs(bulk, BulkTable::holder_parameter, holder, content.parameters);
    append_texts(bulk, BulkTable::holder_response_type, holder, content.response_types);
    append_texts(bulk, BulkTable::holder_scope, holder, content.scopes);
    if (content.user) {
        family.user_auth = user_auth_of(*content.user, user_auth);
        append(bulk, BulkTable::saved_user_auth, "({},'{}',TRUE,'{}')", user_auth,
               content.user->name, content.user->source_class);
        append_texts(bulk, BulkTable::saved_user_auth_authority, user_auth,
                     content.user->authorities);
        if (m_traits.has_user_auth_info) {
            append_pairs(bulk, BulkTable::saved_user_auth_info, user_auth, content.user->infos);
        } else {
            family.user_auth->infos = 0;
        }
    }
    return family;
}

void SeedRows::add_tokens(Bulk& bulk, const Event& event, const TableIds& ids,
                          const HolderContent& content) {
    Family family = add_holder(bulk, content, ids.holder, ids.user_auth);
    const Id client = m_clients.at(static_cast<std::size_t>(event.client));
    if (event.legacy == Legacy::login) {
        const RefreshToken refresh{
            .id = ids.refresh_token, .nonce = event.nonce, .expiration = event.refresh_expiration};
        append(bulk, BulkTable::refresh_token, "({},'{}',{},{},{})", refresh.id,
               refresh_token_value(refresh), sql_time(refresh.expiration), ids.holder, client);
        family.refresh = refresh;
    }
    const AccessToken token{.id = ids.access_token,
                            .nonce = event.nonce,
                            .issued = event.issued,
                            .expiration = event.expiration,
                            .scopes = static_cast<std::int64_t>(content.scopes.size())};
    const std::string hash = m_traits.has_token_hash ? ",'" + access_token_hash(token) + "'" : "";
    append(bulk, BulkTable::access_token, "({},'{}',{},'Bearer',{},{},{}{})", token.id,
           access_token_value(token, event.client), sql_time(token.expiration),
           id_or_null(family.refresh.has_value(), ids.refresh_token), client, ids.holder, hash);
    append_texts(bulk, BulkTable::token_scope, token.id, content.scopes);
    family.tokens.push_back(token);
    keep_or_count(std::move(family));
}

void SeedRows::add_codes(Bulk& bulk, const Event& event, const TableIds& ids) {
    Family family =
        add_holder(bulk, authorize_content(event.client, event.nonce), ids.holder, ids.user_auth);
    family.code = Code{.id = ids.code, .nonce = event.nonce, .expiration = *event.expiration};
    append(bulk, BulkTable::authorization_code, "({},'{}',{},{})", ids.code,
           code_value(event.nonce), ids.holder, sql_time(event.expiration));
    keep_or_count(std::move(family));
}

void SeedRows::add_device(Bulk& bulk, const Event& event, const TableIds& ids, bool is_approved) {
    const HolderContent content = device_approve_content(event.client, event.nonce);
    const NamedValues parameters = device_code_parameters(event.client);
    Family family{.client = event.client};
    if (is_approved) {
        family = add_holder(bulk, content, ids.holder, ids.user_auth);
    }
    family.device = DeviceCode{.id = ids.device,
                               .nonce = event.nonce,
                               .expiration = *event.expiration,
                               .scopes = static_cast<std::int64_t>(content.scopes.size()),
                               .parameters = static_cast<std::int64_t>(parameters.size())};
    append(bulk, BulkTable::device_code, "({},'{}','{}',{},'{}',{},{})", ids.device,
           uuid(event.nonce), user_code_value(event.nonce), sql_time(event.expiration),
           client_id(event.client), is_approved ? "TRUE" : "FALSE",
           id_or_null(is_approved, ids.holder));
    append_texts(bulk, BulkTable::device_code_scope, ids.device, content.scopes);
    append_pairs(bulk, BulkTable::device_code_parameter, ids.device, parameters);
    keep_or_count(std::move(family));
}

void SeedRows::keep_or_count(Family family) {
    Family rest = still_promised(family, m_now);
    m_garbage.access_token += static_cast<Id>(family.tokens.size() - rest.tokens.size());
    m_garbage.refresh_token += family.refresh && !rest.refresh ? 1 : 0;
    m_garbage.holder += family.holder && !rest.holder ? 1 : 0;
    m_garbage.user_auth += family.user_auth && !rest.user_auth ? 1 : 0;
    m_garbage.code += family.code && !rest.code ? 1 : 0;
    m_garbage.device += family.device && !rest.device ? 1 : 0;
    if (!is_gone(rest)) {
        m_ledger.push_back(std::move(rest));
    }
}

}  // namespace sim
