// SPDX-License-Identifier: Apache-2.0
// Rows that turn out to live while their batch is under way: the first promise of the program.
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

using gc::Id;
using gc::Target;
using namespace std::chrono_literals;
using test::FakeRun;
using test::Tables;

namespace {

struct Run : FakeRun {
    // The server extends or uses a row after the scan, right before the n-th call of a method.
    void changes_before(const std::string& method, int n, std::function<void(Tables&)> change) {
        store.before(method, n, [this, change = std::move(change)] { store.elsewhere(change); });
    }
};

}  // namespace

TEST_CASE_FIXTURE(Run, "a token extended after the scan keeps its scopes, the others go") {
    add_garbage(1, 5);
    store.tables.add_satellites("token_scope", 3, 2);
    changes_before("remove", 1, [this](Tables& tables) {
        tables.rows[Target::access_token][3].expiration = later(1h);
    });
    run();
    CHECK(tally(Target::access_token).removed == 4);
    CHECK(tally(Target::access_token).kept.at("changed") == 1);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 4);
    CHECK(store.tables.count(Target::access_token) == 1);
    CHECK(store.tables.satellite_count("token_scope", 3) == 3);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a batch with a survivor is rolled back whole before it is tried again") {
    add_garbage(1, 2);
    changes_before("remove", 1, [this](Tables& tables) {
        tables.rows[Target::access_token][1].expiration = later(1h);
    });
    run();
    CHECK(store.count_calls("begin") == 2);
    CHECK(store.count_calls("commit") == 1);
    CHECK(report.batches == 1);
    CHECK(report.conflicts == 0);
    CHECK(pauses.empty());
}

TEST_CASE_FIXTURE(Run, "survivors found one after the other are all left") {
    add_garbage(1, 5);
    for (const int n : {1, 2, 3}) {
        changes_before("remove", n, [this, n](Tables& tables) {
            tables.rows[Target::access_token][n].expiration = later(1h);
        });
    }
    run();
    CHECK(tally(Target::access_token).removed == 2);
    CHECK(tally(Target::access_token).kept.at("changed") == 3);
    CHECK(tally(Target::access_token).scanned == 5);
    CHECK(store.tables.satellite_count("token_scope", 2) == 1);
}

TEST_CASE_FIXTURE(Run, "a batch of survivors only removes nothing and does not go on for ever") {
    add_garbage(1, 3);
    const auto extend_all = [this](Tables& tables) {
        for (auto& [id, row] : tables.rows[Target::access_token]) {
            row.expiration = later(1h);
        }
    };
    changes_before("remove", 1, extend_all);
    Tables expected = store.tables;
    extend_all(expected);
    run();
    CHECK(tally(Target::access_token).removed == 0);
    CHECK(tally(Target::access_token).kept.at("changed") == 3);
    CHECK((store.tables == expected));
}

// Below V96 no foreign key makes the insert of a token wait for the lock on its holder.
TEST_CASE_FIXTURE(Run, "a holder that gets a token after it was looked at stays whole") {
    add_witness(9000, 100);
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    add_garbage(1, 1, 10);
    changes_before("remove", 2, [this](Tables& tables) {
        tables.add(Target::access_token, 9999, {.expiration = later(1h), .parent_id = 10});
    });
    run();
    CHECK(store.tables.has(Target::authentication_holder, 10));
    CHECK(store.tables.satellite_count("authentication_holder_scope", 10) == 1);
    CHECK(store.tables.has(Target::saved_user_auth, 20));
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK(tally(Target::access_token).removed == 2);
    CHECK(tally(Target::authentication_holder).removed == 1);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a user authentication that gets a holder after it was looked at stays") {
    add_witness(9000, 100);
    store.tables.add(Target::saved_user_auth, 20);
    store.tables.add(Target::authentication_holder, 10, {.parent_id = 20});
    add_garbage(1, 1, 10);
    changes_before("remove", 3, [](Tables& tables) {
        tables.add(Target::authentication_holder, 5000, {.parent_id = 20});
    });
    run();
    CHECK(store.tables.has(Target::saved_user_auth, 20));
    CHECK(store.tables.satellite_count("saved_user_auth_authority", 20) == 1);
    CHECK(store.tables.satellite_count("saved_user_auth_info", 20) == 1);
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 10));
}

TEST_CASE_FIXTURE(Run, "a refresh token that gets an access token after it was looked at stays") {
    store.tables.add(Target::refresh_token, 1, {.expiration = ago(2h)});
    store.tables.add(Target::refresh_token, 2, {.expiration = ago(2h)});
    changes_before("remove", 1, [this](Tables& tables) {
        tables.add(Target::access_token, 9, {.expiration = later(1h), .refresh_token_id = 1});
    });
    run();
    CHECK(store.tables.has(Target::refresh_token, 1));
    CHECK_FALSE(store.tables.has(Target::refresh_token, 2));
    CHECK(tally(Target::refresh_token).removed == 1);
    CHECK(tally(Target::refresh_token).kept.at("changed") == 1);
}

TEST_CASE_FIXTURE(Run, "a session that is used again keeps its attributes") {
    store.tables.keyed[Target::spring_session] = {{"a", ago(2h)}, {"b", ago(2h)}};
    store.tables.session_attributes = {{"a", "x"}, {"b", "y"}};
    changes_before("remove_keys", 1, [this](Tables& tables) {
        tables.keyed[Target::spring_session]["a"] = later(30min);
    });
    run();
    CHECK(store.tables.keyed[Target::spring_session].contains("a"));
    CHECK(store.tables.session_attributes.count("a") == 1);
    CHECK(tally(Target::spring_session).removed == 1);
    CHECK(tally(Target::spring_session).kept.at("changed") == 1);
}

TEST_CASE_FIXTURE(Run, "rows that vanish under the run are counted and are no reason to stop") {
    add_garbage(1, 10);
    changes_before("remove", 1, [](Tables& tables) {
        for (const Id id : {2, 3, 4}) {
            tables.rows[Target::access_token].erase(id);
            tables.satellites["token_scope"].erase(id);
        }
    });
    run();
    CHECK(tally(Target::access_token).removed == 7);
    CHECK(tally(Target::access_token).vanished == 3);
    CHECK(report.stop_reason == gc::StopReason::done);
}

TEST_CASE_FIXTURE(Run,
                  "a token that becomes a registration token never loses a scope by its verdict") {
    add_garbage(1, 2);
    store.tables.satellites["token_scope"].emplace(2, "registration-token");
    run();
    CHECK(store.tables.has(Target::access_token, 2));
    CHECK(store.tables.satellite_count("token_scope", 2) == 2);
    CHECK(tally(Target::access_token).kept.at("registration") == 1);
}
