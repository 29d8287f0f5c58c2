// SPDX-License-Identifier: Apache-2.0
#include "gc/removal.hpp"

#include "unit/fake_run.hpp"
#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

using gc::Candidate;
using gc::Id;
using gc::Removal;
using gc::Target;
using namespace std::chrono_literals;
using test::FakeRun;

namespace {

constexpr std::int64_t k_no_limit = std::numeric_limits<std::int64_t>::max();

// One transaction on a store that has a safe point at holder 100 and user authentication 100.
struct Transaction : FakeRun {
    gc::Exclusions exclusions{};
    gc::Tally tally{};

    Transaction() {
        add_witness(9000, 100);
        store.tables.add(Target::saved_user_auth, 100);
        store.tables.rows[Target::authentication_holder][100].parent_id = 100;
    }

    void remove(Target target, const std::vector<Candidate>& batch,
                std::int64_t budget = k_no_limit) {
        const gc::Plan what = plan();
        store.calls.clear();
        store.begin();
        Removal removal(store, what, {.budget = budget, .touched = k_no_limit}, exclusions);
        removal.remove(what.of(target), batch);
        tally = removal.tally();
        store.commit();
    }

    // The calls that change rows.
    std::vector<std::string> removals() const {
        std::vector<std::string> found;
        for (const std::string& call : store.calls) {
            if (call.starts_with("remove")) {
                found.push_back(call);
            }
        }
        return found;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Transaction, "the scopes of a token go before the token, its holder after it") {
    store.tables.add(Target::authentication_holder, 10);
    store.tables.add(Target::access_token, 1, {.expiration = ago(2h), .parent_id = 10});
    remove(Target::access_token, {{.id = 1, .parent_id = 10}});
    const std::vector<std::string> order{
        "begin",
        "remove_satellites token_scope 1",
        "remove_satellites access_token_permissions 1",
        "remove access_token 1",
        "lock authentication_holder 10",
        "referenced authentication_holder 10",
        "satellite_rows authentication_holder 10",
        "remove_satellites authentication_holder_scope 10",
        "remove_satellites authentication_holder_authority 10",
        "remove_satellites authentication_holder_extension 10",
        "remove_satellites authentication_holder_request_parameter 10",
        "remove_satellites authentication_holder_resource_id 10",
        "remove_satellites authentication_holder_response_type 10",
        "remove authentication_holder 10",
        "commit"};
    CHECK(store.calls == order);
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 10));
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Transaction, "a holder is gone before the user authentication it refers to") {
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    store.tables.add(Target::authorization_code, 1, {.expiration = ago(2h), .parent_id = 10});
    remove(Target::authorization_code, {{.id = 1, .parent_id = 10}});
    const auto order = removals();
    REQUIRE(order.size() == 11);
    CHECK(order[0] == "remove authorization_code 1");
    CHECK(order[7] == "remove authentication_holder 10");
    CHECK(order[8] == "remove_satellites saved_user_auth_authority 20");
    CHECK(order[9] == "remove_satellites saved_user_auth_info 20");
    CHECK(order[10] == "remove saved_user_auth 20");
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Transaction, "what a foreign key removes with a holder is counted, not removed") {
    for (const gc::Satellite& satellite : gc::satellites_of(Target::authentication_holder)) {
        store.cascading.emplace(satellite.table);
    }
    store.tables.add(Target::authentication_holder, 10);
    store.tables.add_satellites("authentication_holder_scope", 10, 3);
    const std::int64_t scopes = store.tables.satellite_count("authentication_holder_scope", 10);
    remove(Target::authentication_holder, {{.id = 10}});
    CHECK(removals() == std::vector<std::string>{"remove authentication_holder 10"});
    CHECK(tally[Target::authentication_holder].satellites["authentication_holder_scope"] == scopes);
    CHECK(tally[Target::authentication_holder].satellites["authentication_holder_extension"] == 1);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Transaction, "a satellite table that was counted empty gets no statement") {
    store.tables.add(Target::authentication_holder, 10);
    store.tables.add(Target::access_token, 1, {.expiration = ago(2h), .parent_id = 10});
    store.tables.satellites["authentication_holder_extension"].clear();
    remove(Target::access_token, {{.id = 1, .parent_id = 10}});
    const std::vector<std::string> calls = removals();
    CHECK(std::ranges::count(calls, "remove_satellites authentication_holder_scope 10") == 1);
    CHECK(std::ranges::count(calls, "remove_satellites authentication_holder_extension 10") == 0);
}

TEST_CASE_FIXTURE(Transaction, "no satellite is left to a foreign key before its owner is locked") {
    store.cascading = {"token_scope"};
    store.tables.add(Target::access_token, 1, {.expiration = ago(2h)});
    store.tables.add_satellites("token_scope", 1, 3);
    remove(Target::access_token, {{.id = 1}});
    CHECK(removals().front() == "remove_satellites token_scope 1");
}

TEST_CASE_FIXTURE(Transaction, "orphans are locked first and looked at after that, then removed") {
    store.tables.add(Target::authentication_holder, 10);
    remove(Target::authentication_holder, {{.id = 10}});
    CHECK(store.calls[1] == "lock authentication_holder 10");
    CHECK(store.calls[2] == "referenced authentication_holder 10");
    CHECK(store.calls[3] == "remove_satellites authentication_holder_scope 10");
}

TEST_CASE_FIXTURE(Transaction, "a refresh token is locked and looked at before it is removed") {
    store.tables.add(Target::refresh_token, 5, {.expiration = ago(2h)});
    remove(Target::refresh_token, {{.id = 5}});
    CHECK(store.calls == std::vector<std::string>{"begin", "lock refresh_token 5",
                                                  "referenced refresh_token 5",
                                                  "remove refresh_token 5", "commit"});
}

TEST_CASE_FIXTURE(Transaction, "a holder that gets a token before it is locked stays whole") {
    store.tables.add(Target::authentication_holder, 10);
    store.before("lock", 1, [&] {
        store.elsewhere([&](test::Tables& tables) {
            tables.add(Target::access_token, 77, {.expiration = later(1h), .parent_id = 10});
        });
    });
    remove(Target::authentication_holder, {{.id = 10}});
    CHECK(removals().empty());
    CHECK(tally[Target::authentication_holder].kept["referenced"] == 1);
    CHECK(tally[Target::authentication_holder].removed == 0);
}

TEST_CASE_FIXTURE(Transaction,
                  "a holder that a live token of any kind shares stays with all it has") {
    const auto refers = [&](Target target) {
        store.tables.add(Target::saved_user_auth, 20);
        store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
        store.tables.add(target, 50, {.expiration = later(1h), .parent_id = 10});
        store.tables.add(Target::access_token, 1, {.expiration = ago(2h), .parent_id = 10});
        remove(Target::access_token, {{.id = 1, .parent_id = 10}});
        CHECK(store.tables.has(Target::authentication_holder, 10));
        CHECK(store.tables.satellite_count("authentication_holder_scope", 10) > 0);
        CHECK(store.tables.has(Target::saved_user_auth, 20));
        CHECK(store.tables.has(target, 50));
        CHECK(tally[Target::authentication_holder].removed == 0);
        CHECK(tally[Target::authentication_holder].scanned == 0);
    };
    SUBCASE("an access token") {
        refers(Target::access_token);
    }
    SUBCASE("a refresh token") {
        refers(Target::refresh_token);
    }
    SUBCASE("an authorization code") {
        refers(Target::authorization_code);
    }
    SUBCASE("a device code that is approved and not yet polled") {
        refers(Target::device_code);
    }
}

TEST_CASE_FIXTURE(Transaction, "a holder is followed up to the safe point and no further") {
    settings.policy.orphans_margin = 3h;
    store.tables.add(Target::authentication_holder, 101);
    add_garbage(1, 1, 101);
    remove(Target::access_token, {{.id = 1, .parent_id = 101}, {.id = 9000, .parent_id = 100}});
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 100));
    CHECK(store.tables.has(Target::authentication_holder, 101));
    CHECK(tally[Target::access_token].removed == 2);
    CHECK(tally[Target::authentication_holder].removed == 1);
}

TEST_CASE_FIXTURE(Transaction, "a holder is not followed when holders are switched off") {
    settings.policy.switched_off = {Target::authentication_holder};
    store.tables.add(Target::authentication_holder, 10);
    store.tables.add(Target::access_token, 1, {.expiration = ago(2h), .parent_id = 10});
    remove(Target::access_token, {{.id = 1, .parent_id = 10}});
    CHECK(store.tables.has(Target::authentication_holder, 10));
    CHECK(store.count_calls("lock") == 0);
}

TEST_CASE_FIXTURE(Transaction,
                  "a user authentication is not followed when those are not collected") {
    SUBCASE("switched off") {
        settings.policy.switched_off = {Target::saved_user_auth};
    }
    SUBCASE("refused") {
        test::drop_index(store.catalog, "authentication_holder", "user_auth_id");
    }
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    remove(Target::authentication_holder, {{.id = 10, .parent_id = 20}});
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 10));
    CHECK(store.tables.has(Target::saved_user_auth, 20));
    CHECK(store.tables.satellite_count("saved_user_auth_info", 20) == 1);
}

TEST_CASE_FIXTURE(Transaction, "two tokens of one holder have it followed once") {
    store.tables.add(Target::authentication_holder, 10);
    add_garbage(1, 3, 10);
    remove(Target::access_token,
           {{.id = 1, .parent_id = 10}, {.id = 2, .parent_id = 10}, {.id = 3, .parent_id = 10}});
    CHECK(tally[Target::authentication_holder].scanned == 1);
    CHECK(tally[Target::authentication_holder].removed == 1);
    CHECK(tally[Target::access_token].removed == 3);
}

TEST_CASE_FIXTURE(Transaction, "a user authentication that another holder has stays") {
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    store.tables.add(Target::authentication_holder, 11, {.parent_id = 20});
    remove(Target::authentication_holder, {{.id = 10}});
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 10));
    CHECK(store.tables.has(Target::saved_user_auth, 20));
    CHECK(store.tables.satellite_count("saved_user_auth_info", 20) == 1);
}

TEST_CASE_FIXTURE(Transaction, "rows are counted with their satellites, table by table") {
    store.tables.add(Target::authentication_holder, 10);
    add_garbage(1, 2, 10);
    store.tables.add_satellites("token_scope", 1, 4);
    store.tables.satellites["access_token_permissions"].emplace(2, "9");
    remove(Target::access_token, {{.id = 1, .parent_id = 10}, {.id = 2, .parent_id = 10}});
    CHECK(tally[Target::access_token].satellites["token_scope"] == 6);
    CHECK(tally[Target::access_token].satellites["access_token_permissions"] == 1);
    CHECK(tally[Target::authentication_holder].satellites["authentication_holder_scope"] == 1);
    CHECK(gc::rows_removed(tally) == 3);
    CHECK(gc::rows_touched(tally) == 3 + 7 + 6);
}

TEST_CASE_FIXTURE(Transaction, "a row that somebody else removed first is counted as vanished") {
    add_garbage(1, 2);
    store.elsewhere([](test::Tables& tables) { tables.rows[Target::access_token].erase(1); });
    remove(Target::access_token, {{.id = 1}, {.id = 2}});
    CHECK(tally[Target::access_token].removed == 1);
    CHECK(tally[Target::access_token].vanished == 1);
}

TEST_CASE_FIXTURE(Transaction, "an orphan that vanished and one that is locked are told apart") {
    for (const Id holder : {10, 11, 12}) {
        store.tables.add(Target::authentication_holder, holder);
    }
    store.locked.insert({Target::authentication_holder, 11});
    store.elsewhere(
        [](test::Tables& tables) { tables.rows[Target::authentication_holder].erase(12); });
    remove(Target::authentication_holder, {{.id = 10}, {.id = 11}, {.id = 12}});
    const gc::TargetTally& holders = tally[Target::authentication_holder];
    CHECK(holders.removed == 1);
    CHECK(holders.vanished == 1);
    CHECK(holders.kept.at("locked") == 1);
    CHECK(holders.locked == std::vector<Id>{11});
    CHECK(store.tables.satellite_count("authentication_holder_scope", 11) == 1);
}

TEST_CASE_FIXTURE(Transaction, "a budget bounds the rows of the batch and of what follows them") {
    for (Id id = 1; id <= 4; ++id) {
        store.tables.add(Target::authentication_holder, id);
        store.tables.add(Target::access_token, id, {.expiration = ago(2h), .parent_id = id});
    }
    const std::vector<Candidate> batch{{.id = 1, .parent_id = 1},
                                       {.id = 2, .parent_id = 2},
                                       {.id = 3, .parent_id = 3},
                                       {.id = 4, .parent_id = 4}};
    SUBCASE("all tokens and one holder") {
        remove(Target::access_token, batch, 5);
        CHECK(tally[Target::access_token].removed == 4);
        CHECK(tally[Target::authentication_holder].removed == 1);
    }
    SUBCASE("fewer tokens than the batch holds") {
        remove(Target::access_token, batch, 3);
        CHECK(tally[Target::access_token].removed == 3);
        CHECK(tally[Target::authentication_holder].removed == 0);
    }
    SUBCASE("nothing") {
        remove(Target::access_token, batch, 0);
        CHECK(removals().empty());
    }
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Transaction, "a session takes its attributes along, and they go first") {
    store.tables.keyed[Target::spring_session] = {{"a", ago(2h)}, {"b", later(1h)}};
    store.tables.session_attributes = {{"a", "1"}, {"a", "2"}, {"b", "3"}};
    remove(Target::spring_session, {{.key = "a"}});
    CHECK(removals() == std::vector<std::string>{"remove_key_satellites spring_session a",
                                                 "remove_keys spring_session a"});
    CHECK(tally[Target::spring_session].removed == 1);
    CHECK(tally[Target::spring_session].satellites["SPRING_SESSION_ATTRIBUTES"] == 2);
    CHECK(store.tables.session_attributes.size() == 1);
}
