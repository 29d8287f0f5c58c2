// SPDX-License-Identifier: Apache-2.0
#include "sim/flows.hpp"

#include "sim/clients.hpp"
#include "sim/random.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <utility>

namespace sim {

namespace {

[[noreturn]] void missing(std::string_view table, Id id) {
    throw BrokenPromise(fmt::format("{} {} was promised and is not there", table, id));
}

bool is_live(const AccessToken& token) {
    return !token.expiration || *token.expiration > now();
}

}  // namespace

// The server finds a token by its hash since 1.8.3, by its value before.
void Flows::require_access_token(const Family& family, const AccessToken& token) {
    const std::string condition =
        m_session.traits().has_token_hash
            ? fmt::format("token_value_hash = {}", quoted(access_token_hash(token)))
            : fmt::format("token_value = {}", quoted(access_token_value(token, family.client)));
    const auto rows = m_session.query(
        "access_token.find",
        fmt::format("SELECT id, expiration, token_type, auth_holder_id, client_id, "
                    "refresh_token_id, LENGTH(token_value) FROM access_token WHERE ({})",
                    condition));
    if (rows.empty()) {
        if (is_live(token)) {
            missing("access_token", token.id);
        }
        return;
    }
    const auto scopes = m_session.query(
        "token_scope.find",
        fmt::format("SELECT scope FROM token_scope WHERE (owner_id = {})", token.id));
    if (static_cast<std::int64_t>(scopes.size()) != token.scopes && is_live(token)) {
        throw BrokenPromise(fmt::format("access_token {} has {} scopes, promised were {}", token.id,
                                        scopes.size(), token.scopes));
    }
}

// The ORM loads a holder with all it has.
void Flows::read_holder(const Family& family) {
    const Holder& holder = family.holder.value();
    const auto rows =
        m_session.query("authentication_holder.find",
                        fmt::format("SELECT id, approved, client_id, redirect_uri, user_auth_id "
                                    "FROM authentication_holder WHERE (id = {})",
                                    holder.id));
    if (rows.empty()) {
        missing("authentication_holder", holder.id);
    }
    for (const auto& [table, column] :
         {std::pair("authority", "authority"), std::pair("extension", "extension"),
          std::pair("request_parameter", "param"), std::pair("resource_id", "resource_id"),
          std::pair("response_type", "response_type"), std::pair("scope", "scope")}) {
        m_session.query(fmt::format("authentication_holder_{}.find", table),
                        fmt::format("SELECT {} FROM authentication_holder_{} WHERE (owner_id = {})",
                                    column, table, holder.id));
    }
    if (!family.user_auth) {
        return;
    }
    const Id user = family.user_auth->id;
    if (m_session
            .query("saved_user_auth.find",
                   fmt::format("SELECT id, authenticated, name, source_class FROM saved_user_auth "
                               "WHERE (id = {})",
                               user))
            .empty()) {
        missing("saved_user_auth", user);
    }
    m_session.query(
        "saved_user_auth_authority.find",
        fmt::format("SELECT authority FROM saved_user_auth_authority WHERE (owner_id = {})", user));
    if (m_session.traits().has_user_auth_info) {
        m_session.query("saved_user_auth_info.find",
                        fmt::format("SELECT info_key, info_val FROM saved_user_auth_info WHERE "
                                    "(owner_id = {})",
                                    user));
    }
}

void Flows::introspect(const Family& family) {
    require_access_token(family, family.tokens.back());
    if (is_live(family.tokens.back())) {
        read_holder(family);
    }
}

void Flows::exchange(const Step& step, const Family& subject) {
    introspect(subject);
    const std::string value = access_token_value(subject.tokens.back(), subject.client);
    m_ledger.put(step.result, issue(step,
                                    exchange_content(subject.client, nonce_of(step), value,
                                                     subject.user_auth.has_value()),
                                    false));
}

void Flows::require_refresh_token(const Family& family) {
    const auto rows = m_session.query(
        "refresh_token.find",
        fmt::format("SELECT id, expiration, auth_holder_id, client_id FROM refresh_token WHERE "
                    "(token_value = {})",
                    quoted(refresh_token_value(family.refresh.value()))));
    if (rows.empty()) {
        missing("refresh_token", family.refresh->id);
    }
}

// refreshAccessToken: one transaction with all of it, and the new access token under the old
// holder.
void Flows::refresh(const Step& step, Standing& standing) {
    const Family before = standing.committed;
    const int client = before.client;
    const bool clears =
        m_settings.clear_on_refresh != ClearOnRefresh::off && clears_on_refresh(client);
    const bool rotates = !reuses_refresh_tokens(client);
    Family after = before;
    // With the old refresh token its access tokens go as well at V96 to V108.
    if (clears || rotates) {
        standing.in_doubt.tokens.clear();
        after.tokens.clear();
    }
    if (rotates) {
        standing.in_doubt = {.client = client};
    }
    m_session.transaction([&] {
        require_refresh_token(before);
        read_holder(before);
        if (clears) {
            Family cleared = before;
            clear(cleared);
        }
        const std::uint64_t nonce = nonce_of(step);
        if (rotates) {
            rotate(after, client_row(client), nonce);
        }
        after.tokens.push_back(
            insert_access_token(m_session, {.token = new_token(step, nonce),
                                            .client = client_row(client),
                                            .client_number = client,
                                            .holder = before.holder.value().id,
                                            .refresh = after.refresh->id,
                                            .scopes = redeem_content(client, nonce).scopes}));
    });
    standing.committed = std::move(after);
}

void Flows::rotate(Family& family, Id client, std::uint64_t nonce) {
    const RefreshToken old = family.refresh.value();
    family.refresh =
        insert_refresh_token(m_session, {.nonce = nonce, .expiration = now() + k_refresh_validity},
                             family.holder.value().id, client);
    m_session.execute("refresh_token.delete",
                      fmt::format("DELETE FROM refresh_token WHERE (id = {})", old.id));
}

void Flows::clear(Family& family) {
    const Id refresh = family.refresh.value().id;
    if (m_settings.clear_on_refresh == ClearOnRefresh::bulk) {
        m_session.execute("token_scope.clear",
                          fmt::format("DELETE FROM token_scope WHERE EXISTS (SELECT id FROM "
                                      "access_token WHERE (refresh_token_id = {}) AND (id = "
                                      "token_scope.owner_id))",
                                      refresh));
        m_session.execute(
            "access_token.clear",
            fmt::format("DELETE FROM access_token WHERE (refresh_token_id = {})", refresh));
        return;
    }
    for (const db::Row& row : m_session.query(
             "access_token.of_refresh_token",
             fmt::format("SELECT id FROM access_token WHERE (refresh_token_id = {})", refresh))) {
        remove_access_token(m_session, db::as_integer(row.at(0)));
    }
}

// By the seed either the refresh token (the IAM removes the bare row) or the newest access token.
void Flows::revoke(const Step& step, Standing& standing) {
    const Family before = standing.committed;
    Family after = before;
    if (before.refresh && step.seed % 2 == 0) {
        after = {.client = before.client};
        standing.in_doubt = after;
        m_session.transaction([&] {
            require_refresh_token(before);
            m_session.execute(
                "refresh_token.delete",
                fmt::format("DELETE FROM refresh_token WHERE (id = {})", before.refresh->id));
        });
    } else if (!before.tokens.empty()) {
        after.tokens.pop_back();
        standing.in_doubt = after;
        m_session.transaction([&] {
            require_access_token(before, before.tokens.back());
            remove_access_token(m_session, before.tokens.back().id);
        });
    }
    standing.committed = std::move(after);
}

}  // namespace sim
