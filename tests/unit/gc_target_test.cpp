// SPDX-License-Identifier: Apache-2.0
#include "gc/target.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using gc::Target;

namespace {

std::vector<std::string> tables_of(Target target) {
    std::vector<std::string> tables;
    for (const gc::Satellite& satellite : gc::satellites_of(target)) {
        tables.emplace_back(satellite.table);
    }
    return tables;
}

std::size_t place_of(Target target) {
    return static_cast<std::size_t>(std::find(gc::k_targets.begin(), gc::k_targets.end(), target) -
                                    gc::k_targets.begin());
}

}  // namespace

TEST_CASE("every target can be found by its name, and nothing else can") {
    std::set<std::string_view> names;
    for (const Target target : gc::k_targets) {
        CHECK(gc::target_of(gc::name(target)) == target);
        names.insert(gc::name(target));
    }
    CHECK(names.size() == gc::k_targets.size());
    CHECK(gc::target_of("client_details") == std::nullopt);
    CHECK(gc::target_of("") == std::nullopt);
    CHECK(gc::target_of("ACCESS_TOKEN") == std::nullopt);
}

TEST_CASE("rows that refer to others are worked on before those they refer to") {
    const auto before = [](Target first, Target second) {
        return place_of(first) < place_of(second);
    };
    CHECK(before(Target::access_token, Target::refresh_token));
    CHECK(before(Target::refresh_token, Target::authentication_holder));
    CHECK(before(Target::authorization_code, Target::authentication_holder));
    CHECK(before(Target::device_code, Target::authentication_holder));
    CHECK(before(Target::authentication_holder, Target::saved_user_auth));
    CHECK(before(Target::saved_user_auth, Target::satellite));
    CHECK(before(Target::access_token, Target::permission));
    CHECK(before(Target::permission_ticket, Target::permission));
}

TEST_CASE("the scopes of an access token go first, as the server does it") {
    CHECK(tables_of(Target::access_token) ==
          std::vector<std::string>{"token_scope", "access_token_permissions"});
}

TEST_CASE("a holder has six satellite tables and a user authentication two") {
    CHECK(tables_of(Target::authentication_holder).size() == 6);
    CHECK(tables_of(Target::saved_user_auth).size() == 2);
    CHECK(tables_of(Target::device_code).size() == 2);
    CHECK(tables_of(Target::spring_session) ==
          std::vector<std::string>{"SPRING_SESSION_ATTRIBUTES"});
    CHECK(tables_of(Target::refresh_token).empty());
    CHECK(tables_of(Target::authorization_code).empty());
}

TEST_CASE("each satellite table belongs to one owner only") {
    std::set<std::string_view> tables;
    for (const gc::Satellite& satellite : gc::all_satellites()) {
        CHECK(tables.insert(satellite.table).second);
        CHECK(satellite.owner_key == "id");
        CHECK(gc::target_of(satellite.owner_table).has_value());
    }
}

TEST_CASE("tokens and codes are followed by their holder, a holder by its user authentication") {
    for (const Target target : {Target::access_token, Target::refresh_token,
                                Target::authorization_code, Target::device_code}) {
        CHECK(gc::followed_by(target) == Target::authentication_holder);
    }
    CHECK(gc::followed_by(Target::authentication_holder) == Target::saved_user_auth);
    CHECK(gc::followed_by(Target::saved_user_auth) == std::nullopt);
    CHECK(gc::followed_by(Target::permission_ticket) == std::nullopt);
}
