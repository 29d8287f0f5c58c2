// SPDX-License-Identifier: Apache-2.0
#include "gc/explain.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>

using gc::Candidate;
using gc::explain;
using gc::PlannedTarget;
using gc::Target;
using gc::Verdict;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_now = util::parse_time("2026-05-01 12:00:00");

PlannedTarget planned(Target target, std::optional<gc::Id> safe_point = std::nullopt) {
    return {.target = target,
            .policy = {.now = k_now, .cutoff = k_now - 1h, .safe_point = safe_point}};
}

// The explanation of what classify says about the candidate.
std::string explained(const Candidate& candidate, const PlannedTarget& target) {
    return explain(gc::classify(candidate, target.target, target.policy), candidate, target);
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a row that goes is explained by its expiration and the cut-off") {
    const std::string text =
        explained({.id = 1, .expiration = k_now - 2h}, planned(Target::access_token));
    CHECK(says(text, "2026-05-01 10:00:00"));
    CHECK(says(text, "cut-off 2026-05-01 11:00:00"));
}

TEST_CASE("a row in grace is told when it expired and what the cut-off is") {
    const std::string text =
        explained({.id = 1, .expiration = k_now - 30min}, planned(Target::access_token));
    CHECK(says(text, "expired at 2026-05-01 11:30:00"));
    CHECK(says(text, "grace"));
    CHECK(says(text, "2026-05-01 11:00:00 now"));
}

TEST_CASE("a live row is told when it expires and what now is") {
    const std::string text =
        explained({.id = 1, .expiration = k_now + 1h}, planned(Target::refresh_token));
    CHECK(says(text, "expires at 2026-05-01 13:00:00"));
    CHECK(says(text, "2026-05-01 12:00:00"));
}

TEST_CASE("a row without expiration and a registration token are told apart") {
    CHECK(says(explained({.id = 1}, planned(Target::access_token)), "never expires"));
    const Candidate registration{.id = 1, .expiration = k_now - 9h, .registration = true};
    CHECK(says(explained(registration, planned(Target::access_token)), "registration-token"));
}

TEST_CASE(
    "a refresh token is told that an access token keeps it, other rows that another row does") {
    const Candidate token{.id = 1, .expiration = k_now - 9h, .referenced = true};
    CHECK(says(explained(token, planned(Target::refresh_token)), "access token"));
    const Candidate holder{.id = 1, .referenced = true};
    CHECK(says(explained(holder, planned(Target::authentication_holder, 10)),
               "another row still refers"));
    CHECK(says(explained(holder, planned(Target::permission)), "another row still refers"));
}

TEST_CASE("an orphan is explained by its id and the safe point") {
    const PlannedTarget target = planned(Target::authentication_holder, 100);
    CHECK(explained({.id = 7}, target) ==
          "nothing refers to it, and its id 7 is not above the safe point 100");
    const std::string young = explained({.id = 101}, target);
    CHECK(says(young, "101"));
    CHECK(says(young, "safe point 100"));
    CHECK(says(young, "orphans.margin"));
}

TEST_CASE("an orphan without a safe point is told that there is none") {
    CHECK(says(explained({.id = 7}, planned(Target::saved_user_auth)), "no safe point"));
}

TEST_CASE("a permission that nobody uses needs no safe point to be explained") {
    CHECK(explained({.id = 7}, planned(Target::permission)) == "nothing refers to it");
}

TEST_CASE("no two verdicts on a token are explained by the same words") {
    const Candidate token{.id = 1, .expiration = k_now};
    std::set<std::string> texts;
    for (const Verdict verdict :
         {Verdict::collect, Verdict::keep_never_expires, Verdict::keep_registration,
          Verdict::keep_not_expired, Verdict::keep_in_grace, Verdict::keep_referenced}) {
        const std::string text = explain(verdict, token, planned(Target::access_token));
        CHECK_FALSE(text.empty());
        CHECK_FALSE(text.ends_with('.'));
        texts.insert(text);
    }
    CHECK(texts.size() == 6);
}
