// SPDX-License-Identifier: Apache-2.0
#include "sim/rows.hpp"

#include "sim/values.hpp"

#include <fmt/format.h>

namespace sim {

namespace {

void insert_texts(Session& session, std::string_view table, std::string_view column, Id owner,
                  const Texts& texts) {
    for (const std::string& text : texts) {
        session.execute(fmt::format("{}.insert", table),
                        fmt::format("INSERT INTO {} (owner_id, {}) VALUES ({}, {})", table, column,
                                    owner, quoted(text)));
    }
}

void insert_pairs(Session& session, std::string_view table, std::string_view columns, Id owner,
                  const NamedValues& pairs) {
    for (const auto& [name, value] : pairs) {
        session.execute(fmt::format("{}.insert", table),
                        fmt::format("INSERT INTO {} (owner_id, {}) VALUES ({}, {}, {})", table,
                                    columns, owner, quoted(name), quoted(value)));
    }
}

UserAuth insert_user_auth(Session& session, const UserContent& content) {
    const Id id = session.insert(
        "saved_user_auth.insert",
        fmt::format("INSERT INTO saved_user_auth (authenticated, name, source_class) VALUES "
                    "(TRUE, {}, {})",
                    quoted(content.name), quoted(content.source_class)));
    insert_texts(session, "saved_user_auth_authority", "authority", id, content.authorities);
    UserAuth user = user_auth_of(content, id);
    if (session.traits().has_user_auth_info) {
        insert_pairs(session, "saved_user_auth_info", "info_key, info_val", id, content.infos);
    } else {
        user.infos = 0;
    }
    return user;
}

void delete_owned(Session& session, std::string_view table, Id owner) {
    session.execute(fmt::format("{}.delete", table),
                    fmt::format("DELETE FROM {} WHERE (owner_id = {})", table, owner));
}

}  // namespace

SavedHolder insert_holder(Session& session, const HolderContent& content) {
    SavedHolder saved;
    if (content.user) {
        saved.user_auth = insert_user_auth(session, *content.user);
    }
    const Id id = session.insert(
        "authentication_holder.insert",
        fmt::format("INSERT INTO authentication_holder (approved, client_id, redirect_uri, "
                    "user_auth_id) VALUES (TRUE, {}, {}, {})",
                    quoted(client_id(content.client)),
                    content.redirect_uri.empty() ? "NULL" : quoted(content.redirect_uri),
                    saved.user_auth ? std::to_string(saved.user_auth->id) : "NULL"));
    const auto table = [](std::string_view name) {
        return "authentication_holder_" + std::string(name);
    };
    insert_texts(session, table("authority"), "authority", id, content.authorities);
    insert_pairs(session, table("extension"), "extension, val", id, content.extensions);
    insert_pairs(session, table("request_parameter"), "param, val", id, content.parameters);
    insert_texts(session, table("response_type"), "response_type", id, content.response_types);
    insert_texts(session, table("scope"), "scope", id, content.scopes);
    saved.holder = holder_of(content, id);
    return saved;
}

AccessToken insert_access_token(Session& session, const NewToken& token) {
    const bool has_hash = session.traits().has_token_hash;
    AccessToken saved = token.token;
    saved.id = session.insert(
        "access_token.insert",
        fmt::format("INSERT INTO access_token (expiration, token_value, {}token_type, "
                    "auth_holder_id, client_id, refresh_token_id) VALUES ({}, {}, {}'Bearer', {}, "
                    "{}, {})",
                    has_hash ? "token_value_hash, " : "", sql_time(saved.expiration),
                    quoted(access_token_value(saved, token.client_number)),
                    has_hash ? quoted(access_token_hash(saved)) + ", " : "", token.holder,
                    token.client, token.refresh ? std::to_string(*token.refresh) : "NULL"));
    insert_texts(session, "token_scope", "scope", saved.id, token.scopes);
    saved.scopes = static_cast<std::int64_t>(token.scopes.size());
    return saved;
}

RefreshToken insert_refresh_token(Session& session, const RefreshToken& token, Id holder,
                                  Id client) {
    RefreshToken saved = token;
    saved.id = session.insert(
        "refresh_token.insert",
        fmt::format("INSERT INTO refresh_token (expiration, token_value, auth_holder_id, "
                    "client_id) VALUES ({}, {}, {}, {})",
                    sql_time(saved.expiration), quoted(refresh_token_value(saved)), holder,
                    client));
    return saved;
}

std::int64_t remove_access_token(Session& session, Id id) {
    delete_owned(session, "token_scope", id);
    return session.execute("access_token.delete",
                           fmt::format("DELETE FROM access_token WHERE (id = {})", id));
}

void remove_holder(Session& session, Id holder, std::optional<Id> user_auth) {
    for (const std::string_view satellite :
         {"authority", "extension", "request_parameter", "resource_id", "response_type", "scope"}) {
        delete_owned(session, fmt::format("authentication_holder_{}", satellite), holder);
    }
    session.execute("authentication_holder.delete",
                    fmt::format("DELETE FROM authentication_holder WHERE (id = {})", holder));
    if (user_auth) {
        delete_owned(session, "saved_user_auth_authority", *user_auth);
        if (session.traits().has_user_auth_info) {
            delete_owned(session, "saved_user_auth_info", *user_auth);
        }
        session.execute("saved_user_auth.delete",
                        fmt::format("DELETE FROM saved_user_auth WHERE (id = {})", *user_auth));
    }
}

}  // namespace sim
