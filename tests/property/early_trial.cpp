// SPDX-License-Identifier: Apache-2.0
// Trials with policies for tokens that have not expired: the oracle takes the same rows by a
// statement for each policy.
#include "property/trial.hpp"

#include "support/oracle.hpp"
#include "support/population.hpp"
#include "support/runs.hpp"
#include "support/snapshot.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace property {

namespace {

constexpr std::chrono::minutes k_age{40};

constexpr const char* k_of_deleted_user =
    "auth_holder_id IN (SELECT h.id FROM authentication_holder h JOIN saved_user_auth u ON u.id = "
    "h.user_auth_id WHERE u.name <> '' AND u.name NOT IN (SELECT username FROM iam_account))";

bool has_revocations(const test::Catalog& catalog) {
    return catalog.has_column("iam_revoked_at", "hash_value") &&
           catalog.has_column("access_token", "token_value_hash");
}

// Accounts for some of the users, and some of the tokens in the list of revoked ones.
void add_accounts_and_revocations(test::Workbench& bench, std::uint64_t seed) {
    std::mt19937_64 random(seed ^ 0xacc0ULL);
    db::Connection& connection = bench.connection();
    if (bench.catalog().has_table("iam_account")) {
        const db::Rows users =
            connection.query("SELECT name FROM saved_user_auth GROUP BY name ORDER BY MIN(id)");
        const bool postgresql = connection.dialect() == db::Dialect::postgresql;
        for (std::size_t user = 0; user < users.size(); ++user) {
            if (random() % 2 == 0) {
                connection.execute(
                    fmt::format("INSERT INTO iam_account (active, creationtime, lastupdatetime, "
                                "username, uuid) VALUES ({}, '2026-01-01 00:00:00', '2026-01-01 "
                                "00:00:00', ?, 'uuid-{}')",
                                postgresql ? "true" : "1", user),
                    {*users[user].at(0)});
            }
        }
    }
    if (has_revocations(bench.catalog())) {
        connection.execute(fmt::format(
            "INSERT INTO iam_revoked_at (hash_value, expiration, revoked_at) SELECT "
            "token_value_hash, '2037-01-01 00:00:00', '2026-01-01 00:00:00' FROM access_token "
            "WHERE id % 5 = {} AND token_value_hash NOT IN (SELECT hash_value FROM iam_revoked_at)",
            random() % 5));
    }
}

// What a seed asks for, as settings and as SQL over access_token.
class EarlySeed {
public:
    EarlySeed(test::Workbench& bench, std::uint64_t seed, gc::Settings& settings)
        : m_now(test::database_now(bench.connection())), m_settings(settings) {
        std::mt19937_64 random(seed ^ 0xea51ULL);
        const db::Rows clients = bench.connection().query(
            "SELECT id, client_id, access_token_validity_seconds FROM client_details ORDER BY id");
        settings.safety.max_unexpired_rows = 1'000'000;
        if (random() % 2 == 0) {
            purge(clients.at(random() % clients.size()));
        }
        if (random() % 2 == 0) {
            unneeded(clients, random() % 2 == 0);
        }
        if (random() % 3 == 0) {
            settings.early.spare.scopes = {"openid"};
        }
        if (random() % 2 == 0) {
            deleted_clients();
        }
        if (random() % 2 == 0) {
            quota(1 + static_cast<std::int64_t>(random() % 6));
        }
        by_mode(bench.catalog(), random);
        if (random() % 2 == 0) {
            refresh_unused(bench.connection(), random() % 3);
        }
    }

    std::vector<std::pair<std::string, std::string>> statements() const { return m_statements; }

private:
    // True of rows that some policy before chose; they do not count for the quota.
    std::string chosen() const {
        return m_chosen.empty() ? "1 = 0" : fmt::format("({})", fmt::join(m_chosen, " OR "));
    }

    std::string untouchable() const {
        std::string scopes = "'registration-token', 'resource-token'";
        if (!m_settings.early.spare.scopes.empty()) {
            scopes += ", 'openid'";
        }
        return fmt::format(
            "id IN (SELECT owner_id FROM token_scope WHERE scope IN ({}) AND "
            "owner_id IS NOT NULL)",
            scopes);
    }

    void take(const std::string& condition) {
        // A token without client, holder or expiration is not chosen, rather than unknown.
        m_chosen.push_back(fmt::format("(({}) IS TRUE)", condition));
        m_conditions.push_back(condition);
    }

    void purge(const db::Row& client) {
        m_settings.early.purge_client = *client.at(1);
        take(fmt::format("client_id = {}", *client.at(0)));
        m_refresh = fmt::format("client_id = {}", *client.at(0));
        m_codes = {
            {"authorization_code",
             fmt::format("DELETE FROM o_authorization_code WHERE auth_holder_id IN (SELECT id FROM "
                         "authentication_holder WHERE client_id = '{}')",
                         *client.at(1))},
            {"device_code",
             fmt::format("DELETE FROM o_device_code WHERE client_id = '{}'", *client.at(1))}};
    }

    void unneeded(const db::Rows& clients, bool with_refresh_token) {
        auto& unneeded = m_settings.early.unneeded;
        unneeded.age = k_age;
        unneeded.with_refresh_token = with_refresh_token;
        for (std::size_t i = 0; i < clients.size(); i += 2) {
            unneeded.clients.push_back(*clients[i].at(1));
            const auto validity = db::as_optional_integer(clients[i].at(2));
            if (!validity || *validity <= 0) {
                continue;
            }
            const auto bound = m_now - k_age + std::chrono::seconds{*validity};
            take(fmt::format(
                "client_id = {} AND expiration > '{}' AND expiration <= '{}'{} AND NOT EXISTS "
                "(SELECT 1 FROM authentication_holder h WHERE h.id = auth_holder_id AND "
                "h.user_auth_id IS NOT NULL)",
                *clients[i].at(0), util::format_time(m_now), util::format_time(bound),
                with_refresh_token ? "" : " AND refresh_token_id IS NULL"));
        }
    }

    void deleted_clients() {
        m_settings.early.deleted_client = gc::EarlyMode::remove;
        const char* const gone =
            "client_id IS NOT NULL AND client_id NOT IN (SELECT id FROM client_details)";
        take(gone);
        or_refresh(gone);
    }

    // A database that cannot answer a policy has to come out whole.
    void by_mode(const test::Catalog& catalog, std::mt19937_64& random) {
        const auto mode = [&] {
            constexpr std::array modes{gc::EarlyMode::off, gc::EarlyMode::report,
                                       gc::EarlyMode::remove, gc::EarlyMode::remove};
            return modes.at(random() % modes.size());
        };
        gc::EarlySettings& early = m_settings.early;
        early.revoked = mode();
        if (early.revoked == gc::EarlyMode::remove && has_revocations(catalog)) {
            take("token_value_hash IN (SELECT hash_value FROM iam_revoked_at)");
        }
        early.deleted_user = mode();
        if (early.deleted_user == gc::EarlyMode::remove && catalog.has_table("iam_account")) {
            take(k_of_deleted_user);
            or_refresh(k_of_deleted_user);
        }
        early.drain = mode();
        if (early.drain == gc::EarlyMode::remove) {
            m_conditions.push_back(fmt::format("expiration <= '{}'", util::format_time(m_now)));
        }
    }

    // Of the bare refresh tokens two in three are idle for long enough, and some that are in use
    // were idle when earlier runs looked.
    void refresh_unused(db::Connection& connection, std::uint64_t spare) {
        gc::IdleMemory memory{.proved = m_now};
        std::string idle;
        for (const db::Row& row : connection.query(
                 "SELECT r.id, COUNT(a.id) FROM refresh_token r LEFT JOIN access_token a ON "
                 "a.refresh_token_id = r.id GROUP BY r.id ORDER BY r.id")) {
            const gc::Id id = db::as_integer(row.at(0));
            const bool bare = db::as_integer(row.at(1)) == 0;
            const bool old = static_cast<std::uint64_t>(id) % 3 != spare;
            memory.tokens.push_back({.id = id, .since = m_now - k_age * (old ? 2 : 0)});
            if (bare && old) {
                idle += fmt::format("{}{}", idle.empty() ? "" : ", ", id);
            }
        }
        m_settings.early.refresh_unused = {
            .age = k_age, .memory = std::make_shared<const gc::IdleMemory>(std::move(memory))};
        if (!idle.empty()) {
            or_refresh(fmt::format("id IN ({})", idle));
        }
    }

    void or_refresh(const std::string& condition) {
        m_refresh += m_refresh.empty() ? condition : fmt::format(" OR {}", condition);
    }

    void quota(std::int64_t tokens) {
        m_settings.early.quota.tokens = tokens;
        m_quota = fmt::format(
            "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY client_id ORDER BY id "
            "DESC) AS n FROM access_token WHERE client_id IS NOT NULL AND (expiration IS NULL OR "
            "expiration > '{}') AND NOT ({} AND id NOT IN ({})) AND id NOT IN (SELECT owner_id "
            "FROM token_scope WHERE scope IN ('registration-token', 'resource-token') AND owner_id "
            "IS NOT NULL)) ranked WHERE n > {}",
            util::format_time(m_now), "{chosen}", "{spared}", tokens);
    }

public:
    void finish() {
        const std::string spared = untouchable();
        for (const std::string& condition : m_conditions) {
            m_statements.emplace_back(
                "access_token", fmt::format("DELETE FROM o_access_token WHERE ({}) AND NOT ({})",
                                            condition, spared));
        }
        if (!m_refresh.empty()) {
            m_statements.emplace_back(
                "refresh_token",
                fmt::format("DELETE FROM o_refresh_token WHERE ({}) AND id NOT IN (SELECT "
                            "refresh_token_id FROM o_access_token WHERE refresh_token_id IS NOT "
                            "NULL){}",
                            m_refresh, spared_refresh()));
        }
        for (const auto& [target, statement] : m_codes) {
            m_statements.emplace_back(target, statement + spared_code(target));
        }
        if (!m_quota.empty()) {
            std::string ids = m_quota;
            replace(ids, "{chosen}", chosen());
            replace(ids, "{spared}", fmt::format("SELECT id FROM access_token WHERE {}", spared));
            m_statements.emplace_back(
                "access_token", fmt::format("DELETE FROM o_access_token WHERE id IN ({}) AND NOT "
                                            "({})",
                                            ids, spared));
        }
    }

private:
    std::string spared_refresh() const {
        return m_settings.early.spare.scopes.empty()
                   ? ""
                   : " AND (auth_holder_id IS NULL OR auth_holder_id NOT IN (SELECT owner_id FROM "
                     "authentication_holder_scope WHERE scope = 'openid' AND owner_id IS NOT "
                     "NULL))";
    }

    std::string spared_code(const std::string& target) const {
        if (target != "device_code") {
            return spared_refresh();
        }
        return m_settings.early.spare.scopes.empty()
                   ? ""
                   : " AND id NOT IN (SELECT owner_id FROM device_code_scope WHERE scope = "
                     "'openid' AND owner_id IS NOT NULL)";
    }

    static void replace(std::string& text, const std::string& what, const std::string& with) {
        text.replace(text.find(what), what.size(), with);
    }

    util::TimePoint m_now;
    gc::Settings& m_settings;
    std::vector<std::string> m_chosen{};
    std::vector<std::string> m_conditions{};
    std::string m_refresh{};
    std::vector<std::pair<std::string, std::string>> m_codes{};
    std::string m_quota{};
    std::vector<std::pair<std::string, std::string>> m_statements{};
};

std::string unless_empty(std::string_view what, const std::string& text) {
    return text.empty() ? text : fmt::format("{}:\n{}", what, text);
}

}  // namespace

std::string run_early_trial(test::Workbench& bench, std::uint64_t seed) {
    gc::Settings settings = settings_for(seed);
    const util::TimePoint now = test::database_now(bench.connection());
    test::populate(bench.connection(), bench.catalog(),
                   {.seed = seed,
                    .now = now,
                    .clients = 4,
                    .flows = 40,
                    .past = std::chrono::hours{3},
                    .stray_percent = 30,
                    .edge_cases = false,
                    .grace = settings.policy.grace,
                    .margin = settings.policy.orphans_margin});
    add_accounts_and_revocations(bench, seed);
    EarlySeed early(bench, seed, settings);
    early.finish();
    test::OracleSettings oracle_settings = test::oracle_settings(settings, now);
    oracle_settings.early = early.statements();
    const test::Oracle oracle(bench.connection(), bench.catalog(), oracle_settings);
    const gc::RunReport dry = test::dry_run_once(bench.store(), settings);
    const gc::RunReport run = test::run_once(bench.store(), settings);
    const test::Snapshot after = test::take_snapshot(bench.connection(), bench.catalog());
    if (run.plan.early) {
        // What the next run would find in the file.
        settings.early.refresh_unused.memory = run.plan.early->settings.refresh_unused.memory;
    }
    const gc::RunReport again = test::run_once(bench.store(), settings);
    std::string policies;
    for (const auto& [target, statement] : early.statements()) {
        policies += statement + "\n";
    }
    const std::string wrong =
        unless_empty("the run differs from the oracle",
                     test::difference(oracle.expected(), after)) +
        (test::described(dry.tally) == test::described(run.tally)
             ? ""
             : fmt::format("the dry run says\n{}, the run says\n{}", test::described(dry.tally),
                           test::described(run.tally))) +
        unless_empty("the second run removed", test::removals(again.tally));
    return wrong.empty() ? wrong : wrong + policies;
}

}  // namespace property
