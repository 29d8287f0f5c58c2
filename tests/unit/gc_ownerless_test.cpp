// SPDX-License-Identifier: Apache-2.0
// Satellites whose owner does not exist: databases up to V92 hold them (iam-database.md 6, rule 6).
#include "unit/fake_run.hpp"
#include "unit/fake_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using gc::Id;
using gc::StopReason;
using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

struct Run : FakeRun {
    Run() { store.catalog = test::mitreid_schema(); }

    std::int64_t left(const std::string& table) const {
        const auto found = store.tables.satellites.find(table);
        return found == store.tables.satellites.end()
                   ? 0
                   : static_cast<std::int64_t>(found->second.size());
    }
};

}  // namespace

TEST_CASE_FIXTURE(Run, "satellites without an owner go, table by table, and are counted as rows") {
    store.tables.add_satellites("token_scope", 7, 3);
    store.tables.add_satellites("authentication_holder_scope", 7, 2);
    store.tables.add_satellites("device_code_scope", 7, 1);
    run();
    CHECK(store.tables.ownerless_count() == 0);
    CHECK(tally(Target::satellite).scanned == 6);
    CHECK(tally(Target::satellite).removed == 6);
    CHECK(tally(Target::satellite).satellites ==
          std::map<std::string, std::int64_t>{
              {"authentication_holder_scope", 2}, {"device_code_scope", 1}, {"token_scope", 3}});
    CHECK(gc::rows_touched(report.tally) == 6);
}

TEST_CASE_FIXTURE(Run, "satellites of an owner that exists stay, whatever the owner is") {
    store.tables.add(Target::access_token, 1);
    store.tables.add(Target::access_token, 2, {.expiration = later(1h)});
    store.tables.add(Target::authentication_holder, 3);
    store.tables.add_satellites("token_scope", 4, 1);
    run();
    CHECK(tally(Target::satellite).removed == 1);
    CHECK(left("token_scope") == 2);
    CHECK(left("authentication_holder_scope") == 1);
}

TEST_CASE_FIXTURE(Run, "an owner that appears after the scan keeps its satellites") {
    store.tables.add_satellites("token_scope", 7, 3);
    store.before("remove_ownerless", 1, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.rows[Target::access_token][7].expiration = later(1h);
        });
    });
    run();
    CHECK(left("token_scope") == 3);
    CHECK(tally(Target::satellite).removed == 0);
}

TEST_CASE_FIXTURE(Run, "where foreign keys guard the owners no table is looked at in vain") {
    store.catalog = test::iam_schema();
    store.tables.add_satellites("token_scope", 7, 3);
    store.tables.add_satellites("device_code_scope", 7, 2);
    run();
    CHECK(left("token_scope") == 3);
    CHECK(left("device_code_scope") == 0);
}

TEST_CASE_FIXTURE(Run, "more owners than a batch holds are removed in several transactions") {
    settings.limits.batch_size = 10;
    for (Id owner = 1; owner <= 35; ++owner) {
        store.tables.add_satellites("token_scope", owner, 2);
    }
    run();
    CHECK(left("token_scope") == 0);
    CHECK(report.batches == 4);
    CHECK(tally(Target::satellite).removed == 70);
}

TEST_CASE_FIXTURE(Run, "a transaction removes no more ownerless rows than batch_rows") {
    settings.limits.batch_rows = 20;
    for (Id owner = 1; owner <= 30; ++owner) {
        store.tables.add_satellites("token_scope", owner, 4);
    }
    std::int64_t before = 0;
    std::int64_t most = 0;
    store.cost = [&](const std::string& method) {
        if (method == "begin") {
            before = left("token_scope");
        } else if (method == "commit") {
            most = std::max(most, before - left("token_scope"));
        }
    };
    run();
    CHECK(left("token_scope") == 0);
    CHECK(most <= 20);
}

TEST_CASE_FIXTURE(Run, "max_rows bounds ownerless rows exactly") {
    for (Id owner = 1; owner <= 30; ++owner) {
        store.tables.add_satellites("token_scope", owner, 1);
    }
    settings.limits.max_rows = 13;
    run();
    CHECK(tally(Target::satellite).removed == 13);
    CHECK(report.stop_reason == StopReason::max_rows);
}

TEST_CASE_FIXTURE(Run, "a missing owner with many rows is removed in slices, within max_rows") {
    settings.limits.batch_rows = 20;
    store.tables.add_satellites("token_scope", 7, 95);
    store.tables.add_satellites("token_scope", 8, 5);
    SUBCASE("without a limit") {
        run();
        CHECK(left("token_scope") == 0);
        CHECK(tally(Target::satellite).removed == 100);
        CHECK(report.batches == 6);
    }
    SUBCASE("with one") {
        settings.limits.max_rows = 33;
        run();
        CHECK(left("token_scope") == 67);
        CHECK(report.stop_reason == StopReason::max_rows);
    }
    SUBCASE("in a dry run") {
        settings.limits.max_rows = 33;
        dry_run();
        CHECK(left("token_scope") == 100);
        CHECK(tally(Target::satellite).removed == 33);
        CHECK(report.stop_reason == StopReason::max_rows);
    }
    SUBCASE("in a dry run without a limit") {
        dry_run();
        CHECK(tally(Target::satellite).removed == 100);
    }
}

TEST_CASE_FIXTURE(Run,
                  "a missing owner that comes back while its rows are removed keeps the rest") {
    settings.limits.batch_rows = 20;
    store.tables.add_satellites("token_scope", 7, 95);
    store.before("existing", 3, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.rows[Target::access_token][7].expiration = later(1h);
        });
    });
    run();
    CHECK(left("token_scope") == 55);
    CHECK(tally(Target::satellite).removed == 40);
}

TEST_CASE_FIXTURE(Run, "ownerless rows are counted once when a COMMIT broke off") {
    store.tables.add_satellites("token_scope", 7, 3);
    SUBCASE("carried out") {
        store.lose_commit(1, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(1, false);
    }
    run();
    CHECK(left("token_scope") == 0);
    CHECK(tally(Target::satellite).removed == 3);
    CHECK(report.batches == 1);
}

TEST_CASE_FIXTURE(Run, "a stop ends the removal of ownerless rows after the batch in hand") {
    settings.limits.batch_rows = 10;
    for (Id owner = 1; owner <= 50; ++owner) {
        store.tables.add_satellites("token_scope", owner, 1);
    }
    store.before("commit", 1, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == StopReason::signal);
    CHECK(report.batches == 1);
    CHECK(left("token_scope") >= 40);
}

TEST_CASE_FIXTURE(Run, "max_time ends the removal of ownerless rows after the batch in hand") {
    settings.limits.batch_rows = 10;
    settings.limits.max_time = 250ms;
    for (Id owner = 1; owner <= 100; ++owner) {
        store.tables.add_satellites("token_scope", owner, 1);
    }
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    run();
    CHECK(report.stop_reason == StopReason::max_time);
    CHECK(report.batches == 3);
}

TEST_CASE_FIXTURE(Run, "the run pauses between batches of ownerless rows as well") {
    settings.limits.batch_rows = 10;
    settings.throttle.busy_share = 0.5;
    for (Id owner = 1; owner <= 100; ++owner) {
        store.tables.add_satellites("token_scope", owner, 1);
    }
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    run();
    CHECK(pauses.size() >= static_cast<std::size_t>(report.batches) - 1);
    CHECK(*std::max_element(pauses.begin(), pauses.end()) == 100ms);
    CHECK(report.longest_batch == 100ms);
}

TEST_CASE_FIXTURE(Run, "steady batches of ownerless rows keep their size") {
    settings.limits.batch_size = 1000;
    for (Id owner = 1; owner <= 2000; ++owner) {
        store.tables.add_satellites("token_scope", owner, 1);
    }
    store.cost = [this](const std::string& method) { time += method == "commit" ? 250ms : 0ms; };
    run();
    CHECK(left("token_scope") == 0);
    CHECK(report.batches == 10);
}

TEST_CASE_FIXTURE(Run, "ownerless rows are removed again after a conflict or a lost connection") {
    store.tables.add_satellites("token_scope", 7, 3);
    store.fail("remove_ownerless", 1, util::ErrorKind::transient);
    store.fail("commit", 1, util::ErrorKind::connection);
    run();
    CHECK(left("token_scope") == 0);
    CHECK(tally(Target::satellite).removed == 3);
    CHECK(report.reconnects == 1);
}

TEST_CASE_FIXTURE(Run, "a permission that only ownerless rows use goes in the same run") {
    store.tables.add(Target::permission, 5);
    store.tables.satellites["access_token_permissions"].emplace(999, "5");
    run();
    CHECK_FALSE(store.tables.has(Target::permission, 5));
    CHECK(store.tables.ownerless_count() == 0);
}
