// SPDX-License-Identifier: Apache-2.0
// Lost connections: nothing is left half done, nothing is counted twice or not at all.
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

using gc::Id;
using gc::Target;
using test::failure_of;
using test::FakeRun;
using util::ErrorKind;
using namespace std::chrono_literals;

namespace {

struct Run : FakeRun {
    Run() { add_garbage(1, 10); }

    bool is_all_gone() const {
        return store.tables.count(Target::access_token) == 0 && store.tables.ownerless_count() == 0;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Run,
                  "a connection lost in the middle of a batch is opened again, the batch redone") {
    for (const char* const method : {"begin", "remove_satellites", "remove", "existing"}) {
        store.fail(method, 1, ErrorKind::connection);
    }
    run();
    CHECK(is_all_gone());
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(report.reconnects == 3);
    CHECK(store.count_calls("try_lock_run") == 3);
    CHECK(report.stop_reason == gc::StopReason::done);
}

TEST_CASE_FIXTURE(Run, "a connection lost while scanning is opened again, no row counted twice") {
    store.fail("scan", 1, ErrorKind::connection);
    store.fail("examine", 1, ErrorKind::connection);
    run();
    CHECK(is_all_gone());
    CHECK(tally(Target::access_token).scanned == 10);
    CHECK(report.reconnects == 2);
}

TEST_CASE_FIXTURE(Run,
                  "a COMMIT that was carried out before the connection broke counts as removed") {
    store.lose_commit(1, true);
    run();
    CHECK(is_all_gone());
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 10);
    CHECK(store.count_calls("begin") == 1);
}

TEST_CASE_FIXTURE(Run,
                  "a COMMIT that was not carried out before the connection broke is done again") {
    store.lose_commit(1, false);
    run();
    CHECK(is_all_gone());
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 10);
    CHECK(store.count_calls("begin") == 2);
}

TEST_CASE_FIXTURE(
    Run, "a carried-out COMMIT is told from others even if a row of the batch had to stay") {
    store.before("remove", 1, [this] {
        store.elsewhere([this](test::Tables& tables) {
            tables.rows[Target::access_token][4].expiration = later(1h);
        });
    });
    SUBCASE("carried out") {
        store.lose_commit(1, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(1, false);
    }
    run();
    CHECK(tally(Target::access_token).removed == 9);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(tally(Target::access_token).kept.at("changed") == 1);
}

TEST_CASE_FIXTURE(Run, "holders removed by a COMMIT with unknown outcome are counted once") {
    add_witness(9000, 100);
    SUBCASE("carried out") {
        store.lose_commit(1, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(1, false);
    }
    run();
    CHECK(tally(Target::authentication_holder).removed == 1);
    CHECK(tally(Target::authentication_holder).scanned == 1);
    CHECK(tally(Target::access_token).removed == 11);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(Run, "a COMMIT with unknown outcome is counted once for locked orphans too") {
    add_witness(9000, 100);
    for (Id holder = 1; holder <= 3; ++holder) {
        store.tables.add(Target::authentication_holder, holder);
    }
    store.locked.insert({Target::authentication_holder, 2});
    SUBCASE("carried out") {
        store.lose_commit(2, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(2, false);
    }
    run();
    CHECK(tally(Target::authentication_holder).removed == 3);
    CHECK(tally(Target::authentication_holder).vanished == 0);
    CHECK(tally(Target::authentication_holder).kept.at("locked") == 1);
}

TEST_CASE_FIXTURE(Run, "a COMMIT with unknown outcome is counted once for rows with a key") {
    store.tables.keyed[Target::iam_revoked_at] = {{"aa", ago(2h)}, {"bb", ago(2h)}};
    SUBCASE("carried out") {
        store.lose_commit(2, true);
    }
    SUBCASE("not carried out") {
        store.lose_commit(2, false);
    }
    run();
    CHECK(tally(Target::iam_revoked_at).removed == 2);
    CHECK(tally(Target::iam_revoked_at).vanished == 0);
}

TEST_CASE_FIXTURE(Run,
                  "a COMMIT lost twice, once carried out and once not, is still counted once") {
    store.lose_commit(1, false);
    store.lose_commit(2, true);
    run();
    CHECK(tally(Target::access_token).removed == 10);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(report.reconnects == 2);
}

TEST_CASE_FIXTURE(Run, "every batch whose COMMIT was carried out is counted as a batch") {
    store.lose_commit(1, true);
    run();
    CHECK(report.batches == 1);
}

TEST_CASE_FIXTURE(Run, "another run that took the lock meanwhile ends this one as busy") {
    store.fail("remove", 1, ErrorKind::connection);
    store.before("reconnect", 1, [this] { store.other_run = "connection 42 from db2"; });
    const test::Tables before = store.tables;
    const auto failure = failure_of([this] { run(); });
    CHECK(failure.kind == ErrorKind::busy);
    CHECK(failure.says("connection 42 from db2"));
    CHECK((store.tables == before));
    CHECK(report.reconnects == 1);
}

TEST_CASE_FIXTURE(Run, "a server that does not come back ends the run as a lost connection") {
    store.fail("remove", 1, ErrorKind::connection);
    store.fail_while("reconnect", ErrorKind::connection, [] { return true; });
    const test::Tables before = store.tables;
    CHECK(failure_of([this] { run(); }).kind == ErrorKind::connection);
    CHECK(store.count_calls("reconnect") == settings.retry.attempts);
    CHECK((store.tables == before));
}

TEST_CASE_FIXTURE(Run, "a server that comes back after a while is waited for") {
    store.fail("remove", 1, ErrorKind::connection);
    store.fail_while("reconnect", ErrorKind::connection,
                     [this] { return store.count_calls("reconnect") <= 5; });
    run();
    CHECK(is_all_gone());
    CHECK(report.reconnects == 1);
    CHECK(pauses.size() == 6);
}

TEST_CASE_FIXTURE(Run, "a connection that breaks with every batch ends the run in the end") {
    store.fail_while("remove", ErrorKind::connection, [] { return true; });
    const test::Tables before = store.tables;
    CHECK(failure_of([this] { run(); }).kind == ErrorKind::connection);
    CHECK((store.tables == before));
    CHECK(report.reconnects < 100);
}

TEST_CASE_FIXTURE(Run,
                  "a server that refuses the account when it comes back ends the run at once") {
    store.fail("remove", 1, ErrorKind::connection);
    store.fail("reconnect", 1, ErrorKind::permission);
    CHECK(failure_of([this] { run(); }).kind == ErrorKind::permission);
    CHECK(store.count_calls("reconnect") == 1);
}

TEST_CASE_FIXTURE(Run, "a stop while the server is away ends the waiting") {
    store.fail("remove", 1, ErrorKind::connection);
    store.fail_while("reconnect", ErrorKind::connection, [] { return true; });
    store.before("reconnect", 2, [this] { stop.request_stop(); });
    CHECK(failure_of([this] { run(); }).kind == ErrorKind::connection);
    CHECK(store.count_calls("reconnect") == 2);
}

TEST_CASE_FIXTURE(Run, "the report holds what was done before the run had to end") {
    settings.limits.batch_size = 4;
    store.fail("remove", 3, ErrorKind::permission);
    store.cost = [this](const std::string&) { time += 1ms; };
    CHECK(failure_of([this] { run(); }).kind == ErrorKind::permission);
    CHECK(tally(Target::access_token).removed == 8);
    CHECK(report.batches == 2);
    CHECK(report.elapsed > 0ms);
}
