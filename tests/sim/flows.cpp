// SPDX-License-Identifier: Apache-2.0
#include "sim/flows.hpp"

#include "sim/clients.hpp"
#include "sim/random.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <utility>

namespace sim {

namespace {

// How long a code and a device code live (iam-database.md 7).
constexpr Seconds k_code_validity = 300;
constexpr Seconds k_device_code_validity = 600;

[[noreturn]] void missing(std::string_view table, Id id) {
    throw BrokenPromise(fmt::format("{} {} was promised and is not there", table, id));
}

// Whether an earlier request left what this one needs; it may have failed half-way.
bool fits(Operation operation, const Family& family) {
    switch (operation) {
    case Operation::redeem:
        return family.code.has_value();
    case Operation::device_approve:
        return family.device && !family.holder;
    case Operation::device_poll:
        return family.device && family.holder;
    case Operation::refresh:
        return family.refresh.has_value();
    case Operation::exchange:
    case Operation::introspect:
        return !family.tokens.empty();
    default:
        return true;
    }
}

}  // namespace

Flows::Flows(Session& session, const std::vector<Id>& clients, Ledger& ledger,
             const FlowSettings& settings)
    : m_session(session), m_clients(clients), m_ledger(ledger), m_settings(settings) {}

template <typename Work>
bool Flows::on_family(const Step& step, const Work& work) {
    std::optional<Family> family = m_ledger.take(step.subject);
    if (!family) {
        return false;
    }
    if (!fits(step.operation, *family)) {
        m_ledger.put(step.subject, std::move(*family));
        return false;
    }
    Standing standing{.committed = *family, .in_doubt = *family};
    try {
        const bool found = work_on(standing, work);
        m_ledger.put(step.subject, std::move(standing.committed));
        return found;
    } catch (const OutcomeUnknown&) {
        m_ledger.put(step.subject, std::move(standing.in_doubt));
        throw;
    } catch (...) {
        m_ledger.put(step.subject, std::move(standing.committed));
        throw;
    }
}

// What may be gone is looked for once: the server refuses such a request, or fails at a foreign
// key where the row went after it was seen.
template <typename Work>
bool Flows::work_on(Standing& standing, const Work& work) {
    const Family before = standing.committed;
    try {
        work(standing);
        return true;
    } catch (const BrokenPromise&) {
        if (!concerns(m_settings.may_go, before)) {
            throw;
        }
    } catch (const util::Error& error) {
        const bool refused = error.kind() == util::ErrorKind::software;
        if (!refused || !concerns(m_settings.may_go, before)) {
            throw;
        }
    }
    standing.committed = without(standing.committed, m_settings.may_go);
    return false;
}

bool Flows::perform(const Step& step) {
    const auto on_subject = [&](const auto& work) { return on_family(step, work); };
    switch (step.operation) {
    case Operation::client_credentials:
        client_credentials(step);
        return true;
    case Operation::authorize:
        authorize(step);
        return true;
    case Operation::device_create:
        device_create(step);
        return true;
    case Operation::redeem:
        return on_subject([&](Standing& standing) { redeem(step, standing); });
    case Operation::device_approve:
        return on_subject([&](Standing& standing) { device_approve(step, standing); });
    case Operation::device_poll:
        return on_subject([&](Standing& standing) { device_poll(step, standing); });
    case Operation::exchange:
        return on_subject([&](Standing& standing) { exchange(step, standing.committed); });
    case Operation::refresh:
        return on_subject([&](Standing& standing) { refresh(step, standing); });
    case Operation::revoke:
        return on_subject([&](Standing& standing) { revoke(step, standing); });
    case Operation::introspect:
        return on_subject([&](Standing& standing) { introspect(standing.committed); });
    }
    throw std::logic_error("an operation that nothing performs");
}

std::uint64_t Flows::nonce_of(const Step& step) const {
    return scrambled(step.seed, m_settings.salt);
}

AccessToken Flows::new_token(const Step& step, std::uint64_t nonce) const {
    const Seconds issued = now();
    return {.nonce = nonce, .issued = issued, .expiration = issued + step.lifetime_s};
}

// createAccessToken: holder, refresh token and access token in one transaction.
Family Flows::issue(const Step& step, const HolderContent& content, bool with_refresh_token) {
    const std::uint64_t nonce = nonce_of(step);
    const Id client = client_row(content.client);
    Family family{.client = content.client};
    m_session.transaction([&] {
        SavedHolder saved = insert_holder(m_session, content);
        family.holder = saved.holder;
        family.user_auth = saved.user_auth;
        NewToken token{.token = new_token(step, nonce),
                       .client = client,
                       .client_number = content.client,
                       .holder = saved.holder.id,
                       .scopes = content.scopes};
        if (with_refresh_token) {
            // Every fourth one never expires, as where the client has no validity for them.
            const auto expiration =
                nonce % 4 == 0 ? std::optional<Seconds>() : token.token.issued + k_refresh_validity;
            family.refresh = insert_refresh_token(
                m_session, {.nonce = nonce, .expiration = expiration}, saved.holder.id, client);
            token.refresh = family.refresh->id;
        }
        family.tokens.push_back(insert_access_token(m_session, token));
    });
    return family;
}

void Flows::client_credentials(const Step& step) {
    m_ledger.put(step.subject,
                 issue(step, client_credentials_content(step.client, nonce_of(step)), false));
}

void Flows::authorize(const Step& step) {
    const std::uint64_t nonce = nonce_of(step);
    Family family{.client = step.client};
    m_session.transaction([&] {
        SavedHolder saved = insert_holder(m_session, authorize_content(step.client, nonce));
        family.holder = saved.holder;
        family.user_auth = saved.user_auth;
        Code code{.nonce = nonce, .expiration = now() + k_code_validity};
        code.id = m_session.insert(
            "authorization_code.insert",
            fmt::format("INSERT INTO authorization_code (code, expiration, auth_holder_id) VALUES "
                        "({}, {}, {})",
                        quoted(code_value(nonce)), sql_time(code.expiration), saved.holder.id));
        family.code = code;
    });
    m_ledger.put(step.subject, std::move(family));
}

// consumeAuthorizationCode removes the code in a transaction of its own; its holder is an orphan
// from then on, and the token gets another.
void Flows::redeem(const Step& step, Standing& standing) {
    const int client = standing.committed.client;
    const Code code = standing.committed.code.value();
    const auto rows = m_session.query(
        "authorization_code.find",
        fmt::format("SELECT id, auth_holder_id, expiration FROM authorization_code WHERE (code = "
                    "{})",
                    quoted(code_value(code.nonce))));
    if (rows.empty()) {
        missing("authorization_code", code.id);
    }
    read_holder(standing.committed);
    standing.in_doubt = {.client = client};
    m_session.transaction([&] {
        m_session.execute("authorization_code.delete",
                          fmt::format("DELETE FROM authorization_code WHERE (id = {})", code.id));
    });
    standing.committed = standing.in_doubt;
    standing.committed = issue(step, redeem_content(client, code.nonce), true);
}

void Flows::device_create(const Step& step) {
    const std::uint64_t nonce = nonce_of(step);
    const Texts scopes = device_approve_content(step.client, nonce).scopes;
    const NamedValues parameters = device_code_parameters(step.client);
    DeviceCode device{.nonce = nonce,
                      .expiration = now() + k_device_code_validity,
                      .scopes = static_cast<std::int64_t>(scopes.size()),
                      .parameters = static_cast<std::int64_t>(parameters.size())};
    m_session.transaction([&] {
        device.id = m_session.insert(
            "device_code.insert",
            fmt::format("INSERT INTO device_code (device_code, user_code, expiration, client_id, "
                        "approved) VALUES ({}, {}, {}, {}, FALSE)",
                        quoted(uuid(nonce)), quoted(user_code_value(nonce)),
                        sql_time(device.expiration), quoted(client_id(step.client))));
        for (const std::string& scope : scopes) {
            m_session.execute(
                "device_code_scope.insert",
                fmt::format("INSERT INTO device_code_scope (owner_id, scope) VALUES ({}, {})",
                            device.id, quoted(scope)));
        }
        for (const auto& [parameter, value] : parameters) {
            m_session.execute("device_code_request_parameter.insert",
                              fmt::format("INSERT INTO device_code_request_parameter (owner_id, "
                                          "param, val) VALUES ({}, {}, {})",
                                          device.id, quoted(parameter), quoted(value)));
        }
    });
    m_ledger.put(step.subject, {.client = step.client, .device = device});
}

void Flows::require_device_code(const Family& family) {
    const DeviceCode& device = family.device.value();
    const auto rows = m_session.query(
        "device_code.find",
        fmt::format("SELECT id, approved, auth_holder_id, expiration FROM device_code WHERE "
                    "(device_code = {})",
                    quoted(uuid(device.nonce))));
    if (rows.empty()) {
        missing("device_code", device.id);
    }
}

void Flows::device_approve(const Step& step, Standing& standing) {
    require_device_code(standing.committed);
    Family approved = standing.committed;
    standing.in_doubt = {.client = approved.client};
    m_session.transaction([&] {
        SavedHolder saved =
            insert_holder(m_session, device_approve_content(approved.client, nonce_of(step)));
        approved.holder = saved.holder;
        approved.user_auth = saved.user_auth;
        m_session.execute("device_code.approve",
                          fmt::format("UPDATE device_code SET approved = TRUE, auth_holder_id = {} "
                                      "WHERE (id = {})",
                                      saved.holder.id, approved.device->id));
    });
    standing.committed = std::move(approved);
}

// clearDeviceCode removes the device code in a transaction of its own, as a login does its code.
void Flows::device_poll(const Step& step, Standing& standing) {
    const int client = standing.committed.client;
    const DeviceCode device = standing.committed.device.value();
    require_device_code(standing.committed);
    read_holder(standing.committed);
    standing.in_doubt = {.client = client};
    m_session.transaction([&] {
        for (const std::string_view table :
             {"device_code_scope", "device_code_request_parameter"}) {
            m_session.execute(
                fmt::format("{}.delete", table),
                fmt::format("DELETE FROM {} WHERE (owner_id = {})", table, device.id));
        }
        m_session.execute("device_code.delete",
                          fmt::format("DELETE FROM device_code WHERE (id = {})", device.id));
    });
    standing.committed = standing.in_doubt;
    standing.committed = issue(step, device_poll_content(client, device.nonce), true);
}

}  // namespace sim
