// SPDX-License-Identifier: Apache-2.0
// Rows with more satellites than one transaction may touch.
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

struct Run : FakeRun {
    std::int64_t most_rows = 0;  // rows removed by one transaction at most

    Run() {
        settings.limits.batch_rows = 100;
        add_garbage(1, 3);
        store.tables.add_satellites("token_scope", 2, 999);
        watch();
    }

    std::int64_t rows_now() const {
        std::int64_t rows = 0;
        for (const auto& [target, table] : store.tables.rows) {
            rows += static_cast<std::int64_t>(table.size());
        }
        for (const auto& [name, table] : store.tables.satellites) {
            rows += static_cast<std::int64_t>(table.size());
        }
        return rows;
    }

    void watch() {
        store.cost = [this, at_begin = std::int64_t{0}](const std::string& method) mutable {
            if (method == "begin") {
                at_begin = rows_now();
            } else if (method == "commit") {
                most_rows = std::max(most_rows, at_begin - rows_now());
            }
        };
    }
};

}  // namespace

TEST_CASE_FIXTURE(Run, "a heavy owner is drained in slices before it goes with the others") {
    run();
    CHECK(store.count_calls("drain_satellites") == 10);
    CHECK(tally(Target::access_token).removed == 3);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 1002);
    CHECK(store.tables.ownerless_count() == 0);
    CHECK(most_rows <= settings.limits.batch_rows);
}

TEST_CASE_FIXTURE(Run,
                  "a heavy owner whose expiration is extended keeps what was not drained yet") {
    store.before("find", 4, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.rows[Target::access_token][2].expiration = later(1h);
        });
    });
    run();
    CHECK(store.tables.has(Target::access_token, 2));
    CHECK(store.tables.satellite_count("token_scope", 2) == 1000 - 300);
    CHECK(tally(Target::access_token).removed == 2);
    CHECK(tally(Target::access_token).kept.at("changed") == 1);
}

TEST_CASE_FIXTURE(Run, "a heavy owner that another session holds stays whole and is named") {
    store.locked.insert({Target::access_token, 2});
    run();
    CHECK(store.tables.satellite_count("token_scope", 2) == 1000);
    CHECK(tally(Target::access_token).locked == std::vector<gc::Id>{2});
    CHECK(tally(Target::access_token).removed == 2);
}

TEST_CASE_FIXTURE(Run, "a stop while a heavy owner is drained leaves the rest for another run") {
    store.before("drain_satellites", 3, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(store.tables.has(Target::access_token, 2));
    CHECK(store.tables.satellite_count("token_scope", 2) == 1000 - 300);
    CHECK(most_rows <= settings.limits.batch_rows);
    stop = {};
    report = {};
    run();
    CHECK(store.tables.count(Target::access_token) == 0);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a slice that meets a conflict or a lost connection is tried again") {
    store.fail("drain_satellites", 2, util::ErrorKind::transient);
    store.fail("drain_satellites", 4, util::ErrorKind::connection);
    run();
    CHECK(tally(Target::access_token).removed == 3);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 1002);
    CHECK(report.reconnects == 1);
}

TEST_CASE_FIXTURE(Run, "a slice whose COMMIT broke off is counted once, carried out or not") {
    SUBCASE("carried out") {
        store.lose_commit(3, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(3, false);
    }
    run();
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 1002);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a big owner that somebody else removes meanwhile has vanished") {
    store.before("find", 3, [this] {
        store.elsewhere([](test::Tables& tables) {
            tables.rows[Target::access_token].erase(2);
            tables.satellites["token_scope"].erase(2);
        });
    });
    run();
    CHECK(tally(Target::access_token).vanished + tally(Target::access_token).kept["changed"] == 1);
    CHECK(tally(Target::access_token).removed == 2);
}

TEST_CASE_FIXTURE(Run, "many big owners in one batch never go in one transaction") {
    store.tables = {};
    add_garbage(1, 150);
    for (gc::Id id = 1; id <= 150; ++id) {
        store.tables.add_satellites("token_scope", id, 60 + id % 3);
    }
    most_rows = 0;
    run();
    CHECK(most_rows <= settings.limits.batch_rows);
    CHECK(tally(Target::access_token).removed == 150);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a slice of a holder that gets a token again is not removed") {
    add_witness(9000, 100);
    store.tables.add(Target::authentication_holder, 50);
    store.tables.add_satellites("authentication_holder_scope", 50, 499);
    store.before("find", 12, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.add(Target::access_token, 77, {.expiration = later(1h), .parent_id = 50});
        });
    });
    run();
    CHECK(store.tables.has(Target::authentication_holder, 50));
    CHECK(store.tables.satellite_count("authentication_holder_scope", 50) == 400);
}

TEST_CASE_FIXTURE(Run, "an owner that fits one transaction with its satellites is not drained") {
    store.tables.satellites["token_scope"].erase(2);
    store.tables.add_satellites("token_scope", 2, 99);
    run();
    CHECK(store.count_calls("drain_satellites") == 0);
    CHECK(tally(Target::access_token).removed == 3);
}

TEST_CASE_FIXTURE(Run, "a stop between two parts of a divided batch ends the run there") {
    store.tables = {};
    add_garbage(1, 10);
    for (gc::Id id = 1; id <= 10; ++id) {
        store.tables.add_satellites("token_scope", id, 60);
    }
    store.before("commit", 2, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(report.batches == 2);
    CHECK(tally(Target::access_token).removed == 2);
}

TEST_CASE_FIXTURE(Run, "a dry run counts the satellites of a heavy owner once") {
    const test::Tables before = store.tables;
    dry_run();
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 1002);
    CHECK(store.count_calls("drain_satellites") == 0);
    CHECK((store.tables == before));
}

TEST_CASE_FIXTURE(Run, "tokens with many scopes each make the following batches small") {
    store.tables = {};
    add_garbage(1, 400);
    for (gc::Id id = 1; id <= 400; ++id) {
        store.tables.add_satellites("token_scope", id, 9);
    }
    most_rows = 0;
    settings.limits.batch_rows = 2200;
    run();
    CHECK(most_rows <= 2200);
    CHECK(store.tables.count(Target::access_token) == 0);
}

namespace {

// A token whose holder and user authentication have many satellites each.
struct HeavyFamily : Run {
    HeavyFamily() {
        store.tables = {};
        add_witness(9000, 100);
        store.tables.add(Target::saved_user_auth, 100);
        store.tables.rows[Target::authentication_holder][100].parent_id = 100;
        store.tables.add(Target::saved_user_auth, 60);
        store.tables.add(Target::authentication_holder, 50, {.parent_id = 60});
        store.tables.add(Target::access_token, 1, {.expiration = ago(2h), .parent_id = 50});
        store.tables.add_satellites("authentication_holder_scope", 50, 349);
        store.tables.add_satellites("saved_user_auth_authority", 60, 249);
        most_rows = 0;
    }
};

}  // namespace

TEST_CASE_FIXTURE(HeavyFamily, "a holder with many satellites follows its token in slices") {
    run();
    CHECK(most_rows <= settings.limits.batch_rows);
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 50));
    CHECK_FALSE(store.tables.has(Target::saved_user_auth, 60));
    CHECK(store.tables.ownerless_count() == 0);
    CHECK(store.count_calls("drain_satellites") > 0);
}

TEST_CASE_FIXTURE(HeavyFamily, "a dry run tells the same of heavy families as the run after it") {
    dry_run();
    const gc::Tally promised = report.tally;
    report = {};
    run();
    for (const Target target :
         {Target::access_token, Target::authentication_holder, Target::saved_user_auth}) {
        CAPTURE(gc::name(target));
        CHECK(tally(target).removed == promised.at(target).removed);
        CHECK(tally(target).scanned == promised.at(target).scanned);
        CHECK(tally(target).satellites == promised.at(target).satellites);
        CHECK(tally(target).kept == promised.at(target).kept);
    }
}

TEST_CASE_FIXTURE(HeavyFamily, "a heavy holder that gets a token after its last one went stays") {
    store.before("find", 1, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.add(Target::access_token, 77, {.expiration = later(1h), .parent_id = 50});
        });
    });
    run();
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK(store.tables.has(Target::authentication_holder, 50));
    CHECK(store.tables.satellite_count("authentication_holder_scope", 50) == 350);
}

TEST_CASE_FIXTURE(HeavyFamily, "a stop before a postponed holder leaves it for the next run") {
    store.before("commit", 1, [this] { stop.request_stop(); });
    run();
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK(store.tables.satellite_count("authentication_holder_scope", 50) == 350);
    stop = {};
    add_witness(9001, 101);
    report = {};
    run();
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 50));
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(HeavyFamily, "a postponed holder goes even if the COMMIT before it broke off") {
    store.lose_commit(1, true);
    run();
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 50));
    CHECK_FALSE(store.tables.has(Target::saved_user_auth, 60));
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "an owner that is large only over all its tables is drained as well") {
    store.tables = {};
    add_garbage(1, 1);
    store.tables.add_satellites("token_scope", 1, 80);
    store.tables.add_satellites("access_token_permissions", 1, 80);
    most_rows = 0;
    run();
    CHECK(most_rows <= settings.limits.batch_rows);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a run at its time limit stops between two slices of a heavy owner") {
    settings.limits.max_time = 5s;
    store.before("drain_satellites", 3, [this] { time += 6s; });
    run();
    CHECK(report.stop_reason == gc::StopReason::max_time);
    CHECK(store.count_calls("drain_satellites") == 3);
    CHECK(store.tables.has(Target::access_token, 2));
}

TEST_CASE_FIXTURE(Run, "a run pauses between two slices of a heavy owner as between batches") {
    settings.throttle.busy_share = 0.5;
    auto watched = store.cost;
    store.cost = [this, watched](const std::string& method) {
        watched(method);
        time += method == "drain_satellites" ? 100ms : 0ms;
    };
    run();
    CHECK(pauses.size() >= 9);
}
