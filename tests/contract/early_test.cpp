// SPDX-License-Identifier: Apache-2.0
// What a store tells the policies of tokens that have not expired, and what their removal restates.
#include "contract/store_case.hpp"
#include "gc/plan.hpp"
#include "support/counting_connection.hpp"
#include "support/runs.hpp"

#include <fmt/format.h>

#include <limits>
#include <map>

using gc::EarlyPolicy;
using gc::Target;
using test::Ids;
using test::k_live;
using test::on_every_store;
using test::StoreCase;

namespace {

constexpr gc::Id k_above_all = std::numeric_limits<gc::Id>::max();

gc::Policy early(const gc::EarlyCondition& condition) {
    gc::Policy policy = test::policy();
    policy.early = condition;
    return policy;
}

// The condition of tokens that all expire at k_live and are of these clients.
gc::EarlyCondition condition(EarlyPolicy policy, const Ids& clients) {
    return {.policy = policy, .earliest = k_live, .latest = k_live, .clients = clients};
}

gc::Id bare_token(StoreCase& c, std::optional<util::TimePoint> expiration,
                  std::optional<gc::Id> holder = {}) {
    return c.iam.access_token({.expiration = expiration, .holder = holder, .scopes = {}});
}

Ids ids_of_page(const gc::TokenPage& page) {
    Ids ids;
    for (const gc::TokenFacts& token : page.tokens) {
        ids.push_back(token.id);
    }
    return ids;
}

void add_account(StoreCase& c, const std::string& username) {
    c.iam.flush();
    const std::string columns = "creationtime, lastupdatetime, username, uuid";
    c.connection->execute(
        fmt::format("INSERT INTO iam_account (id, active, {}) VALUES (77, {}, "
                    "'2026-01-01 00:00:00', '2026-01-01 00:00:00', ?, 'u-77')",
                    columns, c.connection->dialect() == db::Dialect::postgresql ? "true" : "1"),
        {username});
}

}  // namespace

TEST_CASE("tokens come from the newest down, page by page, each once and with its facts") {
    on_every_store([](StoreCase& c) {
        const gc::Id user = c.iam.user_auth({.name = "o'brien"});
        const gc::Id holder = c.iam.holder({.user_auth = user});
        const gc::Id refresh = c.iam.refresh_token(k_live, holder);
        Ids ids{bare_token(c, k_live), bare_token(c, std::nullopt)};
        ids.push_back(c.iam.access_token({.expiration = k_live,
                                          .holder = holder,
                                          .refresh_token = refresh,
                                          .scopes = {"openid", "scim:read"}}));
        c.iam.flush();
        const gc::TokenPage first = c.store.tokens_below(Target::access_token, k_above_all, 2, {});
        CHECK(ids_of_page(first) == Ids{ids[2], ids[1]});
        const gc::TokenPage second =
            c.store.tokens_below(Target::access_token, first.below.value(), 2, {});
        CHECK(ids_of_page(second) == Ids{ids[0]});
        CHECK_FALSE(second.below);
        std::vector<gc::TokenFacts> tokens{first.tokens.front()};
        c.store.describe_tokens(Target::access_token, tokens, {});
        const gc::TokenFacts& token = tokens.front();
        CHECK(token.expiration == k_live);
        CHECK(token.client_id == c.iam.current_client().id);
        CHECK(token.holder_id == holder);
        CHECK(token.refresh_token_id == refresh);
        CHECK(token.user_auth_id == user);
        CHECK(token.user == "o'brien");
        CHECK(token.client_exists);
        CHECK(token.scopes.size() == 2);
        CHECK_FALSE(first.tokens.back().expiration);
        std::vector<gc::TokenFacts> refresh_tokens =
            c.store.tokens_below(Target::refresh_token, k_above_all, 2, {}).tokens;
        REQUIRE(refresh_tokens.size() == 1);
        c.store.describe_tokens(Target::refresh_token, refresh_tokens,
                                {.scopes_of_refresh_tokens = true});
        CHECK(refresh_tokens.front().referenced);
        CHECK(refresh_tokens.front().scopes == std::vector<std::string>{"openid"});
    });
}

TEST_CASE("the oldest live access token of each refresh token is told, up to a number") {
    on_every_store([](StoreCase& c) {
        const gc::Id holder = c.iam.holder();
        const gc::Id used = c.iam.refresh_token(k_live, holder);
        const gc::Id other = c.iam.refresh_token(k_live, holder);
        Ids live;
        for (int i = 0; i < 3; ++i) {
            live.push_back(c.iam.access_token(
                {.expiration = k_live, .holder = holder, .refresh_token = used}));
        }
        c.iam.access_token(
            {.expiration = test::k_expired, .holder = holder, .refresh_token = used});
        c.iam.access_token({.expiration = k_live, .holder = holder, .refresh_token = other});
        c.iam.access_token({.holder = holder, .refresh_token = used});
        c.iam.flush();
        const auto tokens = c.store.live_tokens_of({used}, test::k_cutoff, 10);
        Ids ids;
        for (const gc::IdleWitness& token : tokens) {
            ids.push_back(token.access_token);
            CHECK(token.refresh_token == used);
            CHECK(token.expiration == k_live);
        }
        std::ranges::sort(ids);
        CHECK(ids == Ids{live.front()});
        CHECK(c.store.live_tokens_of({used, other}, test::k_cutoff, 5).size() == 2);
        CHECK(c.store.live_tokens_of({used, other}, test::k_cutoff, 1).size() == 1);
    });
}

TEST_CASE("the audiences of a token are those it was asked for with, and nothing else of that") {
    on_every_store([](StoreCase& c) {
        const gc::Id holder = c.iam.holder({.parameters = 0});
        bare_token(c, k_live, holder);
        c.iam.flush();
        for (const char* const parameter : {"aud", "audience", "assertion"}) {
            c.connection->execute(
                "INSERT INTO authentication_holder_request_parameter "
                "(owner_id, param, val) VALUES (?, ?, ?)",
                {holder, parameter, fmt::format("of {}", parameter)});
        }
        std::vector<gc::TokenFacts> tokens =
            c.store.tokens_below(Target::access_token, k_above_all, 5, {}).tokens;
        c.store.describe_tokens(Target::access_token, tokens, {.audiences = true});
        REQUIRE(tokens.size() == 1);
        std::ranges::sort(tokens.front().audiences);
        CHECK(tokens.front().audiences == std::vector<std::string>{"of aud", "of audience"});
    });
}

TEST_CASE("a client is known by id, name, validity and whether it has one grant type only") {
    on_every_store([](StoreCase& c) {
        const test::Client robot = c.iam.client({.name = "robot", .validity_seconds = 60});
        const test::Client portal = c.iam.client({.name = "portal", .validity_seconds = {}});
        c.iam.flush();
        c.connection->execute("DELETE FROM client_grant_type");
        for (const auto& [client, grant] :
             std::vector<std::pair<gc::Id, std::string>>{{robot.id, "client_credentials"},
                                                         {portal.id, "client_credentials"},
                                                         {portal.id, "authorization_code"}}) {
            c.connection->execute(
                "INSERT INTO client_grant_type (owner_id, grant_type) VALUES (?, ?)",
                {client, grant});
        }
        const auto clients = c.store.early_clients();
        CHECK(clients.at(robot.id).client_id == robot.client_id);
        CHECK(clients.at(robot.id).validity == std::chrono::seconds{60});
        CHECK(clients.at(robot.id).only_client_credentials);
        CHECK_FALSE(clients.at(portal.id).validity);
        CHECK_FALSE(clients.at(portal.id).only_client_credentials);
    });
}

TEST_CASE("a chosen token outlives its removal when its expiration or its client is another") {
    on_every_store([](StoreCase& c) {
        const Ids ids{bare_token(c, k_live), bare_token(c, k_live + std::chrono::seconds{1}),
                      bare_token(c, k_live - std::chrono::seconds{1}), bare_token(c, std::nullopt)};
        c.iam.flush();
        const gc::Id client = c.iam.current_client().id;
        CHECK(c.store.remove(Target::access_token, ids,
                             early(condition(EarlyPolicy::quota, {client + 1}))) == 0);
        CHECK(c.store.remove(Target::access_token, ids,
                             early(condition(EarlyPolicy::quota, {client}))) == 1);
        CHECK(test::sorted(c.store.existing(Target::access_token, ids)) ==
              Ids(ids.begin() + 1, ids.end()));
        const gc::EarlyCondition endless{.policy = EarlyPolicy::quota, .never_expires = true};
        CHECK(c.store.remove(Target::access_token, ids, early(endless)) == 1);
        CHECK(test::sorted(c.store.existing(Target::access_token, ids)) == Ids{ids[1], ids[2]});
    });
}

TEST_CASE("unneeded leaves what got a user or a refresh token since it was chosen") {
    on_every_store([](StoreCase& c) {
        const gc::Id with_user = c.iam.holder({.user_auth = c.iam.user_auth()});
        const gc::Id without = c.iam.holder();
        const gc::Id refresh = c.iam.refresh_token(k_live, without);
        const Ids ids{
            bare_token(c, k_live, without), bare_token(c, k_live, with_user),
            c.iam.access_token(
                {.expiration = k_live, .holder = without, .refresh_token = refresh, .scopes = {}})};
        c.iam.flush();
        gc::EarlyCondition strict = condition(EarlyPolicy::unneeded, {c.iam.current_client().id});
        strict.without_user = true;
        strict.without_refresh_token = true;
        CHECK(c.store.remove(Target::access_token, ids, early(strict)) == 1);
        CHECK(test::sorted(c.store.existing(Target::access_token, ids)) == Ids{ids[1], ids[2]});
        strict.without_user = false;
        strict.without_refresh_token = false;
        CHECK(c.store.remove(Target::access_token, ids, early(strict)) == 2);
    });
}

TEST_CASE("a refresh token that has an access token outlives every policy") {
    on_every_store([](StoreCase& c) {
        const gc::Id holder = c.iam.holder();
        const gc::Id refresh = c.iam.refresh_token(k_live, holder);
        const gc::Id token = c.iam.access_token(
            {.expiration = k_live, .holder = holder, .refresh_token = refresh, .scopes = {}});
        c.iam.flush();
        const gc::Id client = c.iam.current_client().id;
        const auto purge = [&] {
            return c.store.remove(Target::refresh_token, {refresh},
                                  early(condition(EarlyPolicy::purge_client, {client})));
        };
        CHECK(purge() == 0);
        CHECK(c.store.existing(Target::access_token, {token}).size() == 1);
        c.store.remove(Target::access_token, {token},
                       early(condition(EarlyPolicy::purge_client, {client})));
        CHECK(purge() == 1);
    });
}

TEST_CASE("a code is of the client that its holder or its own row names, and of no other") {
    on_every_store([](StoreCase& c) {
        const test::Client wanted = c.iam.client({.name = "wanted"});
        const test::Client other = c.iam.client({.name = "other"});
        std::map<Target, std::map<gc::Id, Ids>> ids;  // by client
        for (const test::Client& client : {wanted, other}) {
            c.iam.use_client(client);
            const gc::Id holder = c.iam.holder({.user_auth = c.iam.user_auth({.name = "anna"})});
            ids[Target::authorization_code][client.id] = {c.iam.authorization_code(k_live, holder)};
            ids[Target::device_code][client.id] = {c.iam.device_code({.expiration = k_live})};
        }
        c.iam.flush();
        for (const Target target : {Target::authorization_code, Target::device_code}) {
            CAPTURE(std::string(gc::name(target)));
            const Ids mine = ids[target][wanted.id];
            const Ids others = ids[target][other.id];
            std::vector<gc::TokenFacts> codes =
                c.store.tokens_below(target, k_above_all, 5, {}).tokens;
            REQUIRE(codes.size() == 2);
            CHECK(codes.front().id == others.front());
            CHECK(codes.front().client_id == other.id);
            CHECK(codes.back().client_id == wanted.id);
            CHECK(codes.back().client_exists);
            c.store.describe_tokens(target, codes, {.scopes_of_refresh_tokens = true});
            CHECK(codes.back().scopes.size() == 1);
            const Ids both{mine.front(), others.front()};
            gc::EarlyCondition purge = condition(EarlyPolicy::purge_client, {wanted.id});
            purge.latest = purge.earliest = k_live - std::chrono::seconds{1};
            CHECK(c.store.remove(target, both, early(purge)) == 0);
            CHECK(c.store.remove(target, both,
                                 early(condition(EarlyPolicy::purge_client, {wanted.id}))) == 1);
            CHECK(c.store.existing(target, both) == others);
        }
    });
}

TEST_CASE("deleted_client takes no token of a client that exists") {
    on_every_store([](StoreCase& c) {
        if (c.catalog.has_foreign_key("access_token", "client_id")) {
            return;  // such a token cannot be
        }
        const gc::Id stray =
            c.iam.access_token({.expiration = k_live, .client = gc::Id{987654}, .scopes = {}});
        const gc::Id token = bare_token(c, k_live);
        c.iam.flush();
        const auto page = c.store.tokens_below(Target::access_token, k_above_all, 5, {});
        for (const gc::TokenFacts& facts : page.tokens) {
            CHECK(facts.client_exists == (facts.id == token));
        }
        CHECK(c.store.remove(Target::access_token, {stray, token},
                             early(condition(EarlyPolicy::deleted_client, {}))) == 1);
        CHECK(c.store.existing(Target::access_token, {stray, token}) == Ids{token});
    });
}

TEST_CASE("deleted_user takes no token of a user with an account") {
    on_every_store([](StoreCase& c) {
        if (!c.catalog.has_table("iam_account")) {
            return;
        }
        const auto token_of = [&](const std::string& user) {
            return bare_token(c, k_live,
                              c.iam.holder({.user_auth = c.iam.user_auth({.name = user})}));
        };
        const Ids ids{token_of("anna"), token_of("gone")};
        add_account(c, "anna");
        const gc::EarlyNeeds needs{.accounts = true};
        for (const gc::TokenFacts& facts :
             c.store.tokens_below(Target::access_token, k_above_all, 5, needs).tokens) {
            CHECK(facts.account_exists == (facts.id == ids[0]));
        }
        CHECK(c.store.remove(Target::access_token, ids,
                             early(condition(EarlyPolicy::deleted_user, {}))) == 1);
        CHECK(c.store.existing(Target::access_token, ids) == Ids{ids[0]});
    });
}

TEST_CASE("revoked takes no token whose hash is not in the list") {
    on_every_store([](StoreCase& c) {
        if (!c.catalog.has_column("iam_revoked_at", "hash_value") ||
            !c.catalog.has_column("access_token", "token_value_hash")) {
            return;
        }
        c.iam.revoked_hash(k_live);
        const Ids ids{bare_token(c, k_live), bare_token(c, k_live)};
        c.iam.flush();
        c.connection->execute(
            "UPDATE iam_revoked_at SET hash_value = "
            "(SELECT token_value_hash FROM access_token WHERE id = ?)",
            {ids[0]});
        const gc::EarlyNeeds needs{.revocations = true};
        for (const gc::TokenFacts& facts :
             c.store.tokens_below(Target::access_token, k_above_all, 5, needs).tokens) {
            CHECK(facts.revoked == (facts.id == ids[0]));
        }
        CHECK(c.store.remove(Target::access_token, ids,
                             early(condition(EarlyPolicy::revoked, {}))) == 1);
        CHECK(c.store.existing(Target::access_token, ids) == Ids{ids[1]});
    });
}

TEST_CASE("a whole run with every policy off asks nothing for them and leaves what lives") {
    on_every_store([](StoreCase& c) {
        const util::TimePoint now = c.store.clock().now;
        const gc::Id user = c.iam.user_auth({.name = "gone"});
        const gc::Id holder = c.iam.holder({.user_auth = user});
        const gc::Id refresh = c.iam.refresh_token(now + std::chrono::hours{9}, holder);
        const gc::Id expired = bare_token(c, now - std::chrono::hours{5}, holder);
        const gc::Id live = bare_token(c, now + std::chrono::hours{5}, holder);
        c.iam.flush();
        const auto asked = [&](const gc::Settings& settings) {
            auto counting = std::make_unique<test::CountingConnection>(c.database.connect());
            const test::CountingConnection& session = *counting;
            db::SqlStore store(std::move(counting), [&] { return c.database.connect(); });
            test::run_once(store, settings);
            return session.asked("early");
        };
        gc::Settings off;
        off.early.unneeded.with_user = true;
        off.early.spare = {.clients = {"*"}, .users = {"*"}, .scopes = {"*"}};
        CHECK_FALSE(asked(off));
        CHECK(c.store.existing(Target::access_token, {expired, live}) == Ids{live});
        CHECK(c.store.existing(Target::refresh_token, {refresh}).size() == 1);
        gc::Settings on;
        on.early.quota.tokens = 5;
        CHECK(asked(on));
    });
}

TEST_CASE("policies that are off cost a run no statement") {
    on_every_store([](StoreCase& c) {
        bare_token(c, test::k_expired);
        c.iam.flush();
        const auto statements = [&](const gc::Settings& settings) {
            const std::int64_t before = c.store.connection().statements();
            gc::plan_run(c.store, settings, c.store.schema());
            return c.store.connection().statements() - before;
        };
        gc::Settings spare_only;
        spare_only.early.spare.clients = {"*"};
        spare_only.early.unneeded.age = std::chrono::hours{5};
        statements({});  // the first reads the catalog
        const std::int64_t off = statements({});
        CHECK(statements(spare_only) == off);
        gc::Settings quota;
        quota.early.quota.tokens = 5;
        CHECK(statements(quota) > off);
    });
}
