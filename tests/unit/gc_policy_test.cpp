// SPDX-License-Identifier: Apache-2.0
#include "gc/policy.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <set>
#include <string_view>

using gc::Candidate;
using gc::classify;
using gc::Policy;
using gc::Target;
using gc::Verdict;
using namespace std::chrono_literals;

namespace {

const util::TimePoint k_now = util::parse_time("2026-05-01 12:00:00");
const util::TimePoint k_cutoff = k_now - 1h;
const Policy k_policy{.now = k_now, .cutoff = k_cutoff, .safe_point = 100};

constexpr std::array k_expiring{
    Target::access_token,   Target::refresh_token,  Target::authorization_code, Target::device_code,
    Target::iam_revoked_at, Target::spring_session, Target::permission_ticket,
};

constexpr std::array k_orphans{Target::authentication_holder, Target::saved_user_auth};

Verdict verdict_at(util::TimePoint expiration, Target target = Target::access_token) {
    return classify({.id = 1, .expiration = expiration}, target, k_policy);
}

}  // namespace

TEST_CASE("a row of any expiring target goes when it expired before the cut-off") {
    for (const Target target : k_expiring) {
        CAPTURE(gc::name(target));
        CHECK(verdict_at(k_cutoff - 1s, target) == Verdict::collect);
        CHECK(verdict_at(util::parse_time("1971-01-01 00:00:00"), target) == Verdict::collect);
    }
}

TEST_CASE("a row that expired exactly at the cut-off goes, one microsecond later it stays") {
    CHECK(verdict_at(k_cutoff) == Verdict::collect);
    CHECK(verdict_at(k_cutoff + 1us) == Verdict::keep_in_grace);
}

TEST_CASE("a row that expired but is in grace stays, up to now itself") {
    for (const Target target : k_expiring) {
        CAPTURE(gc::name(target));
        CHECK(verdict_at(k_now - 30min, target) == Verdict::keep_in_grace);
        CHECK(verdict_at(k_now, target) == Verdict::keep_in_grace);
        CHECK(verdict_at(k_now + 1us, target) == Verdict::keep_not_expired);
    }
}

TEST_CASE("without a grace a row goes at the moment it expires and not before") {
    const Policy policy{.now = k_now, .cutoff = k_now};
    const Candidate expiring{.id = 1, .expiration = k_now};
    const Candidate living{.id = 1, .expiration = k_now + 1us};
    CHECK(classify(expiring, Target::access_token, policy) == Verdict::collect);
    CHECK(classify(living, Target::access_token, policy) == Verdict::keep_not_expired);
}

TEST_CASE("a row without expiration stays, whatever its target") {
    for (const Target target : k_expiring) {
        CAPTURE(gc::name(target));
        CHECK(classify({.id = 1}, target, k_policy) == Verdict::keep_never_expires);
    }
}

TEST_CASE("a registration or resource token stays whatever its expiration") {
    for (const auto expiration : {k_cutoff - 8760h, k_cutoff, k_now - 1min, k_now + 1h}) {
        const Candidate token{.id = 1, .expiration = expiration, .registration = true};
        CHECK(classify(token, Target::access_token, k_policy) == Verdict::keep_registration);
    }
}

TEST_CASE("a row without expiration is called never expiring even if it is a registration token") {
    const Candidate token{.id = 1, .registration = true, .referenced = true};
    CHECK(classify(token, Target::access_token, k_policy) == Verdict::keep_never_expires);
}

TEST_CASE("an expired refresh token that an access token refers to stays") {
    const Candidate token{.id = 1, .expiration = k_cutoff - 1h, .referenced = true};
    CHECK(classify(token, Target::refresh_token, k_policy) == Verdict::keep_referenced);
}

TEST_CASE("the expiration is named as the reason before a reference is") {
    const Candidate living{.id = 1, .expiration = k_now + 1h, .referenced = true};
    const Candidate in_grace{.id = 1, .expiration = k_now - 1min, .referenced = true};
    CHECK(classify(living, Target::refresh_token, k_policy) == Verdict::keep_not_expired);
    CHECK(classify(in_grace, Target::refresh_token, k_policy) == Verdict::keep_in_grace);
}

TEST_CASE("an expired row goes although its client is unknown and its holder is missing") {
    const Candidate bare{.id = 1, .expiration = k_cutoff};
    const Candidate full{.id = 1, .expiration = k_cutoff, .client_id = 7, .parent_id = 8};
    CHECK(classify(bare, Target::access_token, k_policy) == Verdict::collect);
    CHECK(classify(full, Target::access_token, k_policy) == Verdict::collect);
}

TEST_CASE("a holder or user authentication that nothing refers to goes up to the safe point") {
    for (const Target target : k_orphans) {
        CAPTURE(gc::name(target));
        CHECK(classify({.id = 1}, target, k_policy) == Verdict::collect);
        CHECK(classify({.id = 100}, target, k_policy) == Verdict::collect);
        CHECK(classify({.id = 101}, target, k_policy) == Verdict::keep_too_young);
    }
}

TEST_CASE("without a safe point every holder and user authentication is too young") {
    const Policy policy{.now = k_now, .cutoff = k_cutoff};
    for (const Target target : k_orphans) {
        CHECK(classify({.id = 1}, target, policy) == Verdict::keep_too_young);
        CHECK(classify({.id = std::numeric_limits<gc::Id>::min()}, target, policy) ==
              Verdict::keep_too_young);
    }
}

TEST_CASE("a holder that something refers to is called referenced, even above the safe point") {
    for (const gc::Id id : {1, 101}) {
        const Candidate holder{.id = id, .referenced = true};
        CHECK(classify(holder, Target::authentication_holder, k_policy) ==
              Verdict::keep_referenced);
        CHECK(classify(holder, Target::saved_user_auth, k_policy) == Verdict::keep_referenced);
    }
}

TEST_CASE("the expiration of a holder or user authentication says nothing") {
    for (const Target target : k_orphans) {
        const Candidate expired{.id = 101, .expiration = k_cutoff - 1h};
        const Candidate living{.id = 1, .expiration = k_now + 1h};
        CHECK(classify(expired, target, k_policy) == Verdict::keep_too_young);
        CHECK(classify(living, target, k_policy) == Verdict::collect);
    }
}

TEST_CASE("a permission goes when nobody uses it, whatever the safe point") {
    CHECK(classify({.id = 101}, Target::permission, k_policy) == Verdict::collect);
    CHECK(classify({.id = 1}, Target::permission, {.now = k_now}) == Verdict::collect);
    CHECK(classify({.id = 1, .referenced = true}, Target::permission, k_policy) ==
          Verdict::keep_referenced);
}

TEST_CASE("a revocation and a session are judged by their own expiration") {
    const Candidate gone{.key = "a", .expiration = k_cutoff};
    const Candidate stays{.key = "a", .expiration = k_cutoff + 1s};
    CHECK(classify(gone, Target::iam_revoked_at, k_policy) == Verdict::collect);
    CHECK(classify(stays, Target::iam_revoked_at, k_policy) == Verdict::keep_in_grace);
    CHECK(classify(gone, Target::spring_session, k_policy) == Verdict::collect);
}

TEST_CASE("the same candidate gets the same verdict twice") {
    const Candidate token{.id = 1, .expiration = k_cutoff, .registration = true};
    CHECK(classify(token, Target::access_token, k_policy) ==
          classify(token, Target::access_token, k_policy));
}

TEST_CASE("every verdict has a name of its own") {
    const std::set<std::string_view> names{
        name(Verdict::collect),           name(Verdict::keep_never_expires),
        name(Verdict::keep_registration), name(Verdict::keep_not_expired),
        name(Verdict::keep_in_grace),     name(Verdict::keep_referenced),
        name(Verdict::keep_too_young)};
    CHECK(names == std::set<std::string_view>{"collect", "never_expires", "registration",
                                              "not_expired", "in_grace", "referenced",
                                              "too_young"});
}
