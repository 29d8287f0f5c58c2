// SPDX-License-Identifier: Apache-2.0
#include "db/early_statements.hpp"

#include "db/queries.hpp"

#include <string>

namespace db {

namespace {

constexpr const char* k_unreferenced =
    "AND NOT EXISTS (SELECT 1 FROM access_token a WHERE a.refresh_token_id = refresh_token.id)";

const Statement& removal_by(gc::EarlyPolicy policy, gc::Target target) {
    if (target == gc::Target::authorization_code) {
        return queries::early::remove_code;
    }
    if (target == gc::Target::device_code) {
        return queries::early::remove_device_code;
    }
    switch (policy) {
    case gc::EarlyPolicy::deleted_client:
        return queries::early::remove_of_deleted_client;
    case gc::EarlyPolicy::deleted_user:
        return queries::early::remove_of_deleted_user;
    case gc::EarlyPolicy::revoked:
        return queries::early::remove_revoked;
    default:
        return queries::early::remove;
    }
}

std::int64_t flag(bool value) {
    return value ? 1 : 0;
}

// Where no row has an expiration any moment will do.
std::string moment(const std::optional<util::TimePoint>& time) {
    return time ? util::format_time(*time) : "2000-01-01 00:00:00";
}

}  // namespace

std::vector<Part> parts_of_tokens(gc::Target target, const gc::EarlyNeeds& needs) {
    const bool access = target == gc::Target::access_token;
    const bool revoked = access && needs.revocations;
    const bool code = target == gc::Target::authorization_code;
    const bool device = target == gc::Target::device_code;
    return {
        {"table", std::string(gc::name(target))},
        {"client", code || device ? "c.id" : "t.client_id"},
        {"client_key", code ? "NULL" : "client_id"},
        {"join_client", code     ? "c.client_id = h.client_id"
                        : device ? "c.client_id = t.client_id"
                                 : "c.id = t.client_id"},
        {"refresh_token", access ? "refresh_token_id" : "NULL"},
        {"hash", revoked ? "token_value_hash" : "NULL"},
        {"account", needs.accounts ? "a.id" : "NULL"},
        {"join_account", needs.accounts ? "LEFT JOIN iam_account a ON a.username = u.name" : ""},
        {"revoked", revoked ? "r.hash_value" : "NULL"},
        {"join_revoked", revoked ? "LEFT JOIN iam_revoked_at r ON r.hash_value = t.hash" : ""}};
}

EarlyStatement removal_of_chosen(Dialect dialect, gc::Target target, const std::vector<gc::Id>& ids,
                                 const gc::EarlyCondition& condition) {
    const std::string table(gc::name(target));
    const bool mysql = dialect == Dialect::mysql;
    EarlyStatement removal{
        .statement = &removal_by(condition.policy, target),
        .parts = {{"table", table},
                  {"of", mysql ? table : std::string()},
                  {"by_key", mysql ? "FORCE INDEX (PRIMARY)" : ""},
                  {"ids", id_list(ids)},
                  {"clients", condition.clients.empty() ? "0" : id_list(condition.clients)},
                  {"without_refresh_token",
                   condition.without_refresh_token ? "AND refresh_token_id IS NULL" : ""},
                  {"unreferenced", target == gc::Target::refresh_token ? k_unreferenced : ""}},
        .parameters = {moment(condition.earliest), moment(condition.latest),
                       flag(condition.never_expires)}};
    if (removal.statement == &queries::early::remove) {
        removal.parameters.insert(removal.parameters.end(),
                                  {flag(condition.clients.empty()), flag(!condition.without_user)});
    }
    return removal;
}

}  // namespace db
