// SPDX-License-Identifier: Apache-2.0
// Other sessions that hold what the run wants: it gives way, tries again, and names what it left.
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using gc::Id;
using gc::Target;
using test::failure_of;
using test::FakeRun;
using util::ErrorKind;
using namespace std::chrono_literals;

TEST_CASE_FIXTURE(FakeRun, "a batch is split around a locked row, which is left and named") {
    add_garbage(1, 40);
    store.locked.insert({Target::access_token, 23});
    run();
    CHECK(tally(Target::access_token).removed == 39);
    CHECK(tally(Target::access_token).kept.at("locked") == 1);
    CHECK(tally(Target::access_token).locked == std::vector<Id>{23});
    CHECK(tally(Target::access_token).scanned == 40);
    CHECK(store.tables.count(Target::access_token) == 1);
    CHECK(store.tables.satellite_count("token_scope", 23) == 1);
    CHECK(report.stop_reason == gc::StopReason::done);
}

TEST_CASE_FIXTURE(FakeRun, "locked rows anywhere in a batch cost no other row its turn") {
    add_garbage(1, 64);
    const std::set<Id> held{1, 2, 31, 32, 33, 64};
    for (const Id id : held) {
        store.locked.insert({Target::access_token, id});
    }
    run();
    CHECK(tally(Target::access_token).removed == 58);
    const auto& named = tally(Target::access_token).locked;
    CHECK(std::set<Id>(named.begin(), named.end()) == held);
}

TEST_CASE_FIXTURE(FakeRun, "a row locked for a while only goes in the end") {
    add_garbage(1, 10);
    store.locked.insert({Target::access_token, 4});
    store.before("begin", 3, [this] { store.locked.clear(); });
    run();
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(tally(Target::access_token).locked.empty());
    CHECK(report.conflicts == 2);
}

TEST_CASE_FIXTURE(FakeRun,
                  "ten locked rows in a row stop the run as busy, and the report says which") {
    add_garbage(1, 30);
    for (Id id = 11; id <= 20; ++id) {
        store.locked.insert({Target::access_token, id});
    }
    const auto failure = failure_of([this] { run(); });
    CHECK(failure.kind == ErrorKind::busy);
    CHECK(failure.says("10 rows in a row"));
    CHECK(failure.says("run again"));
    CHECK(tally(Target::access_token).locked ==
          std::vector<Id>{11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(store.tables.ownerless_count() == 0);
    CHECK_FALSE(store.in_transaction());
}

TEST_CASE_FIXTURE(FakeRun, "nine locked rows, one that goes and nine more do not stop the run") {
    add_garbage(1, 19);
    for (Id id = 1; id <= 19; ++id) {
        if (id != 10) {
            store.locked.insert({Target::access_token, id});
        }
    }
    run();
    CHECK(tally(Target::access_token).removed == 1);
    CHECK(tally(Target::access_token).kept.at("locked") == 18);
}

TEST_CASE_FIXTURE(FakeRun, "locked orphans are passed over and named, not waited for") {
    add_witness(9000, 100);
    for (Id holder = 1; holder <= 5; ++holder) {
        store.tables.add(Target::authentication_holder, holder);
    }
    store.locked.insert({Target::authentication_holder, 3});
    run();
    CHECK(tally(Target::authentication_holder).removed == 5);
    CHECK(tally(Target::authentication_holder).locked == std::vector<Id>{3});
    CHECK(store.tables.has(Target::authentication_holder, 3));
    CHECK(pauses.empty());
}

TEST_CASE_FIXTURE(FakeRun,
                  "a server that cannot pass over locked rows has its batch split instead") {
    store.skips_locked = false;
    add_witness(9000, 100);
    for (Id holder = 1; holder <= 5; ++holder) {
        store.tables.add(Target::authentication_holder, holder);
    }
    store.locked.insert({Target::authentication_holder, 3});
    run();
    CHECK(tally(Target::authentication_holder).removed == 5);
    CHECK(tally(Target::authentication_holder).locked == std::vector<Id>{3});
}

TEST_CASE_FIXTURE(FakeRun,
                  "a token whose holder is locked goes, the holder waits for its own turn") {
    add_witness(9000, 100);
    store.tables.add(Target::authentication_holder, 10);
    add_garbage(1, 1, 10);
    store.locked.insert({Target::authentication_holder, 10});
    store.before("scan", 2, [this] { store.locked.clear(); });
    run();
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 10));
    CHECK(tally(Target::authentication_holder).scanned == 2);
}

TEST_CASE_FIXTURE(FakeRun, "a locked row with a key is left and counted") {
    store.tables.keyed[Target::iam_revoked_at] = {
        {"aa", ago(2h)}, {"bb", ago(2h)}, {"cc", ago(2h)}};
    store.locked_keys.insert("bb");
    run();
    CHECK(tally(Target::iam_revoked_at).removed == 2);
    CHECK(tally(Target::iam_revoked_at).kept.at("locked") == 1);
    CHECK(tally(Target::iam_revoked_at).locked.empty());
}

TEST_CASE_FIXTURE(FakeRun, "a conflict at COMMIT is tried again after a pause, and counts once") {
    add_garbage(1, 5);
    store.fail("commit", 1, ErrorKind::transient);
    run();
    CHECK(tally(Target::access_token).removed == 5);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(report.conflicts == 1);
    CHECK(report.reconnects == 0);
    CHECK(pauses.size() == 1);
    CHECK(report.paused == pauses.front());
    CHECK(pauses.front() >= settings.retry.first_delay / 2);
    CHECK(pauses.front() <= settings.retry.first_delay);
}

TEST_CASE_FIXTURE(FakeRun, "conflicts make the batches smaller") {
    add_garbage(1, 400);
    store.fail("commit", 1, ErrorKind::transient);
    run();
    const auto ids_in = [](const std::string& call) {
        return std::count(call.begin(), call.end(), ',') + 1;
    };
    std::vector<std::ptrdiff_t> sizes;
    for (const std::string& call : store.calls) {
        if (call.starts_with("remove access_token")) {
            sizes.push_back(ids_in(call));
        }
    }
    REQUIRE(sizes.size() >= 3);
    CHECK(sizes[0] == 200);
    CHECK(sizes[1] == 200);
    CHECK(sizes[2] == 200);
    CHECK(tally(Target::access_token).removed == 400);
}

TEST_CASE_FIXTURE(FakeRun, "the waits between conflicts double up to the longest") {
    add_garbage(1, 1);
    settings.retry.longest_delay = 300ms;
    store.fail_while("scan", ErrorKind::transient,
                     [this] { return store.count_calls("scan") <= 6; });
    run();
    REQUIRE(pauses.size() == 6);
    const std::vector<std::chrono::milliseconds> longest{50ms, 100ms, 200ms, 300ms, 300ms, 300ms};
    for (std::size_t i = 0; i < longest.size(); ++i) {
        CAPTURE(i);
        CHECK(pauses[i] <= longest[i]);
        CHECK(pauses[i] >= longest[i] / 2);
    }
}

TEST_CASE_FIXTURE(FakeRun, "a read that never succeeds ends the run as busy after its attempts") {
    add_garbage(1, 5);
    store.fail_while("scan", ErrorKind::transient, [] { return true; });
    const auto failure = failure_of([this] { run(); });
    CHECK(failure.kind == ErrorKind::busy);
    CHECK(pauses.size() == static_cast<std::size_t>(settings.retry.attempts));
}

TEST_CASE_FIXTURE(FakeRun,
                  "an error that no retry helps against ends the run at once, rolled back") {
    add_garbage(1, 5);
    const test::Tables before = store.tables;
    for (const ErrorKind kind : {ErrorKind::permission, ErrorKind::data, ErrorKind::software}) {
        store.fail("remove", 1, kind);
        CHECK(failure_of([this] { run(); }).kind == kind);
        CHECK(pauses.empty());
        CHECK_FALSE(store.in_transaction());
        CHECK((store.tables == before));
    }
}

TEST_CASE_FIXTURE(FakeRun,
                  "a stop while a batch is tried again leaves that batch for another run") {
    add_garbage(1, 5);
    store.locked.insert({Target::access_token, 2});
    store.before("begin", 1, [this] { stop.request_stop(); });
    const test::Tables before = store.tables;
    run();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(store.count_calls("begin") == 1);
    CHECK((store.tables == before));
}

TEST_CASE_FIXTURE(FakeRun,
                  "a stop while a batch is split ends it with one try for each part that is left") {
    add_garbage(1, 5);
    store.locked.insert({Target::access_token, 1});
    store.before("begin", 6, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(store.count_calls("begin") <= 8);
    CHECK(store.tables.has(Target::access_token, 1));
    CHECK(store.tables.satellite_count("token_scope", 1) == 1);
    CHECK(store.tables.ownerless_count() == 0);
}
