// SPDX-License-Identifier: Apache-2.0
#include "gc/early.hpp"
#include "gc/pattern.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using gc::EarlyClient;
using gc::EarlyJudge;
using gc::EarlyMode;
using gc::EarlyPlan;
using gc::Target;
using gc::TokenFacts;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_now = util::parse_time("2026-05-01 12:00:00");

EarlyPlan plan_with(const gc::EarlySettings& settings) {
    EarlyPlan plan{.settings = settings, .now = k_now, .cutoff = k_now - 1h};
    plan.clients[1] = {.client_id = "stress-1",
                       .name = "Stress test",
                       .validity = 1h,
                       .only_client_credentials = true};
    plan.clients[2] = {.client_id = "portal", .name = "The portal", .validity = 1h};
    plan.clients[3] = {.client_id = "eternal", .name = "Never", .only_client_credentials = true};
    return plan;
}

// A token of stress-1 that was issued half an hour ago, without user and refresh token.
TokenFacts token(gc::Id id = 100) {
    return {.id = id,
            .expiration = k_now + 30min,
            .client_id = 1,
            .holder_id = id,
            .client_exists = true,
            .scopes = {"storage.read:/"}};
}

TokenFacts of_client(gc::Id client) {
    TokenFacts facts = token();
    facts.client_id = client;
    return facts;
}

TokenFacts of_user(const std::string& name) {
    TokenFacts facts = token();
    facts.user_auth_id = 7;
    facts.user = name;
    facts.account_exists = true;
    return facts;
}

TokenFacts with_scope(const std::string& scope) {
    TokenFacts facts = token();
    facts.scopes.push_back(scope);
    return facts;
}

TokenFacts expiring(std::optional<util::TimePoint> moment) {
    TokenFacts facts = token();
    facts.expiration = moment;
    return facts;
}

// "quota" when that policy takes the token, "quota:within_quota" when it keeps it, "-" when none is
// meant for it.
std::string verdict(const gc::EarlySettings& settings, const TokenFacts& facts,
                    Target target = Target::access_token) {
    const EarlyPlan plan = plan_with(settings);
    EarlyJudge judge(plan, target);
    std::string text;
    for (const gc::EarlyOpinion& opinion : judge.judge(facts)) {
        text += text.empty() ? "" : " ";
        text += gc::name(opinion.policy);
        text += opinion.kept.empty() ? "" : ":" + opinion.kept;
        CHECK(opinion.why.size() > 10);
    }
    CHECK(judge.concerns(facts) == !text.empty());
    return text.empty() ? "-" : text;
}

struct Case {
    TokenFacts facts{};
    std::string verdict{};
};

void check_all(const gc::EarlySettings& settings, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        CAPTURE(one.verdict);
        CAPTURE(one.facts.user);
        CHECK(verdict(settings, one.facts) == one.verdict);
    }
}

}  // namespace

TEST_CASE("a pattern's * stands for any text, its ? for one character, all else for itself") {
    struct Row {
        std::string text{};
        std::string pattern{};
        bool fits = false;
    };
    for (const Row& row : std::vector<Row>{{"stress-1", "stress-*", true},
                                           {"stress-1", "stress-1", true},
                                           {"stress-12", "stress-1", false},
                                           {"Stress-1", "stress-*", false},
                                           {"a b", "a?b", true},
                                           {"ab", "a?b", false},
                                           {"", "*", true},
                                           {"", "", true},
                                           {"x", "", false},
                                           {"aXbXc", "a*X*c", true},
                                           {"aXbXd", "a*X*c", false},
                                           {"storage.read:/", "storage.*", true}}) {
        CAPTURE(row.text);
        CAPTURE(row.pattern);
        CHECK(gc::fits(row.text, row.pattern) == row.fits);
    }
}

TEST_CASE("without settings no policy is meant for any token") {
    for (const TokenFacts& facts : {token(), of_client(9), of_user("anna"), expiring(std::nullopt),
                                    expiring(k_now - 30min)}) {
        CHECK(verdict({}, facts) == "-");
        CHECK(verdict({}, facts, Target::refresh_token) == "-");
    }
}

TEST_CASE("unneeded takes old enough tokens of the chosen clients without user and refresh token") {
    const gc::EarlySettings settings{.unneeded = {.clients = {"stress-*"}, .age = 20min}};
    TokenFacts with_refresh = token();
    with_refresh.refresh_token_id = 5;
    check_all(settings, {{token(), "unneeded"},
                         {of_client(2), "-"},
                         {of_client(9), "-"},
                         {with_refresh, "unneeded:has_refresh_token"},
                         {of_user("anna"), "unneeded:has_user"},
                         {expiring(k_now + 40min), "unneeded"},
                         {expiring(k_now + 40min + 1s), "unneeded:too_young"},
                         {expiring(std::nullopt), "unneeded:age_unknown"},
                         {expiring(k_now), "-"},
                         {with_scope("registration-token"), "unneeded:registration"},
                         {with_scope("resource-token"), "unneeded:registration"}});
}

TEST_CASE("unneeded takes tokens of users or with a refresh token only when that is asked for") {
    const gc::EarlySettings settings{
        .unneeded = {
            .clients = {"Stress*"}, .age = 0s, .with_user = true, .with_refresh_token = true}};
    TokenFacts facts = of_user("anna");
    facts.refresh_token_id = 5;
    CHECK(verdict(settings, facts) == "unneeded");
}

TEST_CASE("a client is chosen by its id, by its name or by having one grant type only") {
    for (const std::string list : {"stress-1", "Stress?test", "*", "@client_credentials"}) {
        CAPTURE(list);
        const gc::EarlySettings settings{.unneeded = {.clients = {list}, .age = 0s}};
        CHECK(verdict(settings, token()) == "unneeded");
        CHECK(verdict(settings, of_client(2)) == (list == "*" ? "unneeded" : "-"));
    }
}

TEST_CASE("unneeded can be narrowed by scopes and audiences, and made to spare some") {
    gc::EarlySettings settings{.unneeded = {.clients = {"stress-1"}, .age = 0s}};
    TokenFacts facts = token();
    facts.audiences = {"https://storage.example.org"};
    settings.unneeded.scopes = {"storage.*"};
    CHECK(verdict(settings, facts) == "unneeded");
    settings.unneeded.spare_scopes = {"*:/"};
    CHECK(verdict(settings, facts) == "unneeded:spared_scope");
    settings.unneeded.spare_scopes = {};
    settings.unneeded.scopes = {"compute.*"};
    CHECK(verdict(settings, facts) == "unneeded:other_scope");
    settings.unneeded.scopes = {};
    settings.unneeded.audiences = {"https://*.example.org"};
    CHECK(verdict(settings, facts) == "unneeded");
    CHECK(verdict(settings, token()) == "unneeded:other_audience");
    settings.unneeded.spare_audiences = {"*storage*"};
    CHECK(verdict(settings, facts) == "unneeded:spared_audience");
}

TEST_CASE("the newest tokens of a client stay within its quota, and only live ones count") {
    const EarlyPlan plan = plan_with({.quota = {.tokens = 2}});
    EarlyJudge judge(plan, Target::access_token);
    const auto taken = [&](const TokenFacts& facts) {
        const auto opinions = judge.judge(facts);
        return !opinions.empty() && opinions.back().kept.empty();
    };
    CHECK_FALSE(taken(token(100)));
    CHECK_FALSE(taken(expiring(k_now)));
    CHECK_FALSE(taken(with_scope("registration-token")));
    CHECK_FALSE(taken(of_client(2)));
    CHECK_FALSE(taken(token(99)));
    CHECK(taken(token(98)));
    CHECK(taken(expiring(std::nullopt)));
    CHECK_FALSE(taken(of_client(2)));
    CHECK(taken(of_client(2)));
}

TEST_CASE("a quota for each user counts the users of a client apart") {
    const EarlyPlan plan = plan_with({.quota = {.tokens = 1, .per_user = true}});
    EarlyJudge judge(plan, Target::access_token);
    CHECK(judge.judge(of_user("anna")).back().kept == "within_quota");
    CHECK(judge.judge(of_user("bert")).back().kept == "within_quota");
    CHECK(judge.judge(of_user("anna")).back().kept.empty());
}

TEST_CASE("a quota for some clients leaves the others alone") {
    const gc::EarlySettings settings{.quota = {.tokens = 1, .clients = {"portal"}}};
    check_all(settings, {{token(), "-"}, {of_client(2), "quota:within_quota"}});
}

TEST_CASE("a token that another policy takes does not count for the quota") {
    const EarlyPlan plan =
        plan_with({.unneeded = {.clients = {"stress-1"}, .age = 20min}, .quota = {.tokens = 1}});
    EarlyJudge judge(plan, Target::access_token);
    for (int i = 0; i < 3; ++i) {
        CHECK(judge.judge(token()).back().policy == gc::EarlyPolicy::unneeded);
    }
    CHECK(judge.judge(expiring(k_now + 50min)).back().kept == "within_quota");
}

TEST_CASE("purge_client takes every token and code of one client and of no other") {
    const gc::EarlySettings settings{.purge_client = "stress-1"};
    check_all(settings, {{token(), "purge_client"},
                         {of_user("anna"), "purge_client"},
                         {expiring(std::nullopt), "purge_client"},
                         {expiring(k_now - 30min), "purge_client"},
                         {expiring(k_now - 1h), "-"},
                         {of_client(2), "-"},
                         {with_scope("registration-token"), "purge_client:registration"}});
    CHECK(verdict(settings, token(), Target::refresh_token) == "purge_client");
    TokenFacts referenced = token();
    referenced.referenced = true;
    CHECK(verdict(settings, referenced, Target::refresh_token) == "purge_client:referenced");
    for (const Target code : {Target::authorization_code, Target::device_code}) {
        CHECK(verdict(settings, token(), code) == "purge_client");
        CHECK(verdict(settings, of_client(2), code) == "-");
    }
    CHECK(verdict(settings, token(), Target::authentication_holder) == "-");
}

TEST_CASE("no other policy looks at codes") {
    gc::EarlySettings settings{.revoked = EarlyMode::remove,
                               .deleted_client = EarlyMode::remove,
                               .deleted_user = EarlyMode::remove,
                               .drain = EarlyMode::remove};
    settings.unneeded.clients = {"*"};
    settings.quota.tokens = 1;
    const EarlyPlan plan = plan_with(settings);
    CHECK(plan.concerns(Target::access_token));
    CHECK_FALSE(plan.concerns(Target::authorization_code));
    CHECK_FALSE(plan.concerns(Target::device_code));
}

TEST_CASE("revoked, deleted_client and deleted_user take tokens by what the database says") {
    TokenFacts revoked = token();
    revoked.revoked = true;
    TokenFacts no_client = of_client(9);
    no_client.client_exists = false;
    TokenFacts no_account = of_user("gone");
    no_account.account_exists = false;
    check_all({.revoked = EarlyMode::remove}, {{revoked, "revoked"}, {token(), "-"}});
    check_all({.deleted_client = EarlyMode::remove},
              {{no_client, "deleted_client"}, {token(), "-"}});
    check_all({.deleted_user = EarlyMode::remove},
              {{no_account, "deleted_user"}, {of_user("anna"), "-"}, {token(), "-"}});
    check_all({.deleted_user = EarlyMode::report}, {{no_account, "deleted_user:report_only"}});
}

TEST_CASE("drain takes what expired within the grace and waits for everything else") {
    check_all({.drain = EarlyMode::remove}, {{expiring(k_now - 30min), "drain"},
                                             {expiring(k_now), "drain"},
                                             {expiring(k_now + 1s), "drain:not_expired"},
                                             {expiring(std::nullopt), "drain:never_expires"},
                                             {expiring(k_now - 1h), "-"}});
}

TEST_CASE("what is on a spare list goes by no policy") {
    gc::EarlySettings settings{.purge_client = "stress-1"};
    settings.spare.clients = {"portal"};
    settings.spare.users = {"ann?"};
    settings.spare.scopes = {"scim:*"};
    check_all(settings, {{token(), "purge_client"},
                         {of_user("anna"), "purge_client:spared"},
                         {of_user("bert"), "purge_client"},
                         {with_scope("scim:read"), "purge_client:spared"}});
    settings.spare.clients = {"stress-*"};
    CHECK(verdict(settings, token()) == "purge_client:spared");
}

TEST_CASE("a condition holds for what was chosen and not for another expiration or client") {
    const EarlyPlan plan = plan_with({});
    const std::vector<TokenFacts> chosen{token(), expiring(k_now + 40min)};
    const auto condition = gc::condition_of(gc::EarlyPolicy::quota, plan, chosen);
    CHECK(condition.holds(k_now + 30min, 1));
    CHECK(condition.holds(k_now + 40min, 1));
    CHECK_FALSE(condition.holds(k_now + 41min, 1));
    CHECK_FALSE(condition.holds(k_now + 29min, 1));
    CHECK_FALSE(condition.holds(std::nullopt, 1));
    CHECK_FALSE(condition.holds(k_now + 30min, 2));
    CHECK_FALSE(condition.holds(k_now + 30min, std::nullopt));
}
