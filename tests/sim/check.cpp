// SPDX-License-Identifier: Apache-2.0
#include "sim/check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace sim {

namespace {

constexpr std::size_t k_ids_at_once = 1000;
constexpr std::size_t k_damages_shown = 1000;

// What one promised row has to look like.
struct Promise {
    std::vector<std::pair<std::string_view, std::optional<Id>>> references{};  // column -> id
    std::vector<std::pair<std::string_view, std::int64_t>> satellites{};       // table -> rows
};

using Promises = std::map<Id, Promise>;
using PromisesByTable = std::map<std::string_view, Promises>;

void promise_tokens(PromisesByTable& promises, const Family& family) {
    for (const AccessToken& token : family.tokens) {
        Promise promise{.references = {{"auth_holder_id", family.holder.value().id}},
                        .satellites = {{"token_scope", token.scopes}}};
        if (family.refresh) {
            promise.references.emplace_back("refresh_token_id", family.refresh->id);
        }
        promises["access_token"][token.id] = std::move(promise);
    }
    if (family.refresh) {
        promises["refresh_token"][family.refresh->id] = {
            .references = {{"auth_holder_id", family.holder.value().id}}};
    }
}

void promise_codes(PromisesByTable& promises, const Family& family) {
    if (family.code) {
        promises["authorization_code"][family.code->id] = {
            .references = {{"auth_holder_id", family.holder.value().id}}};
    }
    if (const auto& device = family.device) {
        const auto holder =
            family.holder ? std::optional<Id>(family.holder->id) : std::optional<Id>();
        promises["device_code"][device->id] = {
            .references = {{"auth_holder_id", holder}},
            .satellites = {{"device_code_scope", device->scopes},
                           {"device_code_request_parameter", device->parameters}}};
    }
}

void promise_holder(PromisesByTable& promises, const Family& family, const SchemaTraits& traits) {
    const auto& holder = family.holder;
    if (!holder) {
        return;
    }
    const auto user =
        family.user_auth ? std::optional<Id>(family.user_auth->id) : std::optional<Id>();
    promises["authentication_holder"][holder->id] = {
        .references = {{"user_auth_id", user}},
        .satellites = {{"authentication_holder_scope", holder->scopes},
                       {"authentication_holder_request_parameter", holder->parameters},
                       {"authentication_holder_extension", holder->extensions},
                       {"authentication_holder_authority", holder->authorities},
                       {"authentication_holder_response_type", holder->response_types}}};
    if (const auto& saved = family.user_auth) {
        Promise promise{.satellites = {{"saved_user_auth_authority", saved->authorities}}};
        if (traits.has_user_auth_info) {
            promise.satellites.emplace_back("saved_user_auth_info", saved->infos);
        }
        promises["saved_user_auth"][saved->id] = std::move(promise);
    }
}

class Checker {
public:
    Checker(Session& session, CheckResult& result) : m_session(session), m_result(result) {}

    void check(std::string_view table, const Promises& promises) {
        std::vector<Id> ids;
        for (const auto& [id, promise] : promises) {
            ids.push_back(id);
            m_result.rows += 1;
            for (const auto& [satellite, count] : promise.satellites) {
                m_result.rows += count;
            }
        }
        for (std::size_t start = 0; start < ids.size(); start += k_ids_at_once) {
            const std::span part(ids.data() + start, std::min(k_ids_at_once, ids.size() - start));
            const std::string list = fmt::format("{}", fmt::join(part, ", "));
            check_rows(table, promises, part, list);
            check_satellites(table, promises, part, list);
        }
    }

private:
    void damage(const std::string& sentence) {
        if (m_result.damages.size() < k_damages_shown) {
            m_result.damages.push_back(sentence);
        }
        ++m_result.damage_count;
    }

    void check_rows(std::string_view table, const Promises& promises, std::span<const Id> ids,
                    const std::string& list) {
        std::string columns = "id";
        for (const std::string_view column : columns_of(promises, ids)) {
            columns += fmt::format(", {}", column);
        }
        std::map<Id, db::Row> found;
        for (db::Row& row : m_session.query(
                 "check",
                 fmt::format("SELECT {} FROM {} WHERE id IN ({})", columns, table, list))) {
            const Id id = db::as_integer(row.at(0));
            found[id] = std::move(row);
        }
        for (const Id id : ids) {
            const auto row = found.find(id);
            if (row == found.end()) {
                damage(fmt::format("{} {} was promised and is not there", table, id));
                continue;
            }
            check_references(table, id, promises.at(id), row->second);
        }
    }

    // The references of all rows of a table begin alike, so the longest list names the columns.
    static std::vector<std::string_view> columns_of(const Promises& promises,
                                                    std::span<const Id> ids) {
        std::vector<std::string_view> columns;
        for (const Id id : ids) {
            const auto& references = promises.at(id).references;
            for (std::size_t index = columns.size(); index < references.size(); ++index) {
                columns.push_back(references[index].first);
            }
        }
        return columns;
    }

    void check_references(std::string_view table, Id id, const Promise& promise,
                          const db::Row& row) {
        for (std::size_t index = 0; index < promise.references.size(); ++index) {
            const auto& [column, expected] = promise.references[index];
            if (db::as_optional_integer(row.at(index + 1)) != expected) {
                damage(fmt::format("{} {} has {} = {}, promised was {}", table, id, column,
                                   row.at(index + 1).value_or("NULL"),
                                   expected ? std::to_string(*expected) : "NULL"));
            }
        }
    }

    void check_satellites(std::string_view table, const Promises& promises, std::span<const Id> ids,
                          const std::string& list) {
        for (const auto& [satellite, unused] : promises.at(ids.front()).satellites) {
            std::map<Id, std::int64_t> counts;
            for (const db::Row& row : m_session.query(
                     "check", fmt::format("SELECT owner_id, COUNT(*) FROM {} WHERE owner_id IN "
                                          "({}) GROUP BY owner_id",
                                          satellite, list))) {
                counts[db::as_integer(row.at(0))] = db::as_integer(row.at(1));
            }
            for (const Id id : ids) {
                for (const auto& [name, expected] : promises.at(id).satellites) {
                    const std::int64_t count = counts.contains(id) ? counts.at(id) : 0;
                    if (name == satellite && count != expected) {
                        damage(fmt::format("{} {} has {} rows in {}, promised were {}", table, id,
                                           count, satellite, expected));
                    }
                }
            }
        }
    }

    Session& m_session;
    CheckResult& m_result;
};

}  // namespace

CheckResult check_families(Session& session, const std::vector<Family>& families) {
    PromisesByTable promises;
    for (const Family& family : families) {
        promise_tokens(promises, family);
        promise_codes(promises, family);
        promise_holder(promises, family, session.traits());
    }
    CheckResult result{.families = static_cast<std::int64_t>(families.size())};
    Checker checker(session, result);
    for (const auto& [table, rows] : promises) {
        checker.check(table, rows);
    }
    return result;
}

}  // namespace sim
