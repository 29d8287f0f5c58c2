// SPDX-License-Identifier: Apache-2.0
// Several sessions that remove access tokens at the same time, and what becomes of what a worker
// could not do.
#include "gc/workers.hpp"

#include "gc/forwarding_store.hpp"
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

using gc::Id;
using gc::Target;
using test::failure_of;
using test::FakeRun;
using test::FakeStore;
using util::ErrorKind;
using namespace std::chrono_literals;

namespace {

// A run with workers, each of which has a store of its own that begins as a copy of the run's. So
// what a worker removes is missing there and nowhere else.
struct WorkerRun : FakeRun {
    std::vector<std::unique_ptr<FakeStore>> stores{};
    // Prepares the store of the n-th worker, counted from 0, before it is used; may throw.
    std::function<void(FakeStore& worker, std::size_t n)> prepare{};
    std::atomic<std::int64_t> spent_ms{0};

    // Batches of 200 at first.
    WorkerRun() { settings.limits.workers = 3; }

    std::unique_ptr<gc::Store> open() {
        auto worker = std::make_unique<FakeStore>();
        worker->tables = store.tables;
        worker->catalog = store.catalog;
        worker->now = store.now;
        if (prepare) {
            prepare(*worker, stores.size());
        }
        stores.push_back(std::move(worker));
        return std::make_unique<gc::ForwardingStore>(*stores.back());
    }

    const gc::RunReport& run_with_workers() {
        gc::Environment world = environment();
        world.now = [this] { return time + std::chrono::milliseconds{spent_ms}; };
        world.open_worker = [this] { return open(); };
        gc::collect(store, plan(), settings, world, report);
        return report;
    }

    // How many stores have removed the token.
    int removals(Id token) const {
        const auto gone = [&](const FakeStore& some) {
            return some.tables.has(Target::access_token, token) ? 0 : 1;
        };
        int count = gone(store);
        for (const auto& worker : stores) {
            count += gone(*worker);
        }
        return count;
    }

    // Tokens first to last are removed by one session each.
    bool each_went_once(Id first, Id last) const {
        for (Id id = first; id <= last; ++id) {
            if (removals(id) != 1) {
                return false;
            }
        }
        return true;
    }
};

}  // namespace

TEST_CASE_FIXTURE(WorkerRun, "three sessions remove a third each, and the report has all of it") {
    add_garbage(1, 600);
    run_with_workers();
    CHECK(stores.size() == 2);
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 600);
    CHECK(report.removed_by_client.at(0) == 600);
    CHECK(report.batches == 3);
    CHECK(each_went_once(1, 600));
    CHECK(store.count_calls("commit") == 1);
    CHECK(stores[0]->count_calls("commit") == 1);
    CHECK(stores[1]->count_calls("commit") == 1);
}

TEST_CASE_FIXTURE(WorkerRun, "no session is opened for what one batch can do") {
    add_garbage(1, 200);
    run_with_workers();
    CHECK(stores.empty());
    CHECK(tally(Target::access_token).removed == 200);
}

TEST_CASE_FIXTURE(WorkerRun, "without anything to open sessions with the run works alone") {
    add_garbage(1, 600);
    run();
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(report.warnings.empty());
}

TEST_CASE_FIXTURE(WorkerRun, "what a worker finds locked is removed by the run's own session") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.locked.insert({Target::access_token, 250});
        }
    };
    add_garbage(1, 600);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(tally(Target::access_token).locked.empty());
    CHECK(report.conflicts == 1);
    CHECK(stores[0]->tables.count(Target::access_token) == 600);
    CHECK(each_went_once(1, 600));
}

TEST_CASE_FIXTURE(WorkerRun, "a row that stays locked is left and named, as with one worker") {
    prepare = [](FakeStore& worker, std::size_t) {
        worker.locked.insert({Target::access_token, 450});
    };
    store.locked.insert({Target::access_token, 450});
    add_garbage(1, 600);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 599);
    CHECK(tally(Target::access_token).locked == std::vector<Id>{450});
    CHECK(tally(Target::access_token).kept.at("locked") == 1);
    CHECK(report.stop_reason == gc::StopReason::done);
}

TEST_CASE_FIXTURE(WorkerRun, "a worker that loses its connection half-way has removed nothing") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 1) {
            worker.fail("remove", 1, ErrorKind::connection);
        }
    };
    add_garbage(1, 1500);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 1500);
    CHECK(each_went_once(1, 1500));
    CHECK(report.reconnects == 1);
    CHECK(stores[1]->count_calls("reconnect") == 1);
    CHECK(stores[1]->count_calls("commit") > 0);
    CHECK(store.count_calls("reconnect") == 0);
}

TEST_CASE_FIXTURE(WorkerRun, "a COMMIT of a worker that was not carried out is done again") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.lose_commit(1, false);
        }
    };
    add_garbage(1, 600);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(each_went_once(1, 600));
}

TEST_CASE_FIXTURE(WorkerRun, "a COMMIT of a worker whose rows are gone counts as carried out") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.lose_commit(1, true);
        }
    };
    add_garbage(1, 600);
    // The run's own session sees what the worker's has committed.
    store.before("existing", 1, [this] {
        store.elsewhere([this](test::Tables& tables) {
            std::erase_if(tables.rows[Target::access_token], [this](const auto& row) {
                return !stores[0]->tables.has(Target::access_token, row.first);
            });
        });
    });
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(tally(Target::access_token).vanished == 0);
    CHECK(report.removed_by_client.at(0) == 600);
    CHECK(report.batches == 3);
}

TEST_CASE_FIXTURE(WorkerRun, "a row that came to life stays whole, and the rest of its list goes") {
    const auto renew = [this](FakeStore& some) {
        return [this, &some] {
            some.elsewhere([this](test::Tables& tables) {
                tables.rows[Target::access_token].at(250).expiration = later(1h);
            });
        };
    };
    prepare = [&](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.before("begin", 1, renew(worker));
        }
    };
    store.before("begin", 1, renew(store));
    add_garbage(1, 600);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 599);
    CHECK(tally(Target::access_token).kept.at("changed") == 1);
    CHECK(removals(250) == 0);
    CHECK(store.tables.satellite_count("token_scope", 250) == 1);
    CHECK(stores[0]->tables.satellite_count("token_scope", 250) == 1);
}

TEST_CASE_FIXTURE(WorkerRun, "an owner with too many satellites for a worker is the run's own") {
    settings.limits.batch_rows = 2000;
    add_garbage(1, 600);
    store.tables.add_satellites("token_scope", 300, 5000);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(tally(Target::access_token).satellites.at("token_scope") == 5600);
    CHECK(each_went_once(1, 600));
    CHECK(stores[0]->count_calls("begin") == 0);
}

TEST_CASE_FIXTURE(WorkerRun,
                  "a failure of a worker that is no conflict ends the run like its own") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 1) {
            worker.fail("remove", 1, ErrorKind::permission);
        }
    };
    add_garbage(1, 600);
    CHECK(failure_of([this] { run_with_workers(); }).kind == ErrorKind::permission);
    CHECK(tally(Target::access_token).removed == 400);
    CHECK_FALSE(stores[1]->in_transaction());
}

TEST_CASE_FIXTURE(WorkerRun, "a session that cannot be opened is warned about once") {
    prepare = [](FakeStore&, std::size_t n) {
        if (n == 1) {
            throw util::Error(ErrorKind::connection, "too many connections");
        }
    };
    add_garbage(1, 2000);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 2000);
    CHECK(each_went_once(1, 2000));
    CHECK(stores.size() == 1);
    CHECK(stores[0]->count_calls("commit") > 1);
    REQUIRE(report.warnings.size() == 1);
    CHECK(report.warnings.front().find("too many connections") != std::string::npos);
}

TEST_CASE_FIXTURE(WorkerRun, "a worker that does not come back is done without") {
    prepare = [](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.fail("remove", 1, ErrorKind::connection);
            worker.fail_while("reconnect", ErrorKind::connection, [] { return true; });
        }
    };
    add_garbage(1, 2000);
    run_with_workers();
    CHECK(tally(Target::access_token).removed == 2000);
    CHECK(each_went_once(1, 2000));
    CHECK(stores[0]->count_calls("reconnect") == 1);
    CHECK(report.warnings.size() == 1);
}

TEST_CASE_FIXTURE(WorkerRun, "after a stop each session ends the transaction in hand, no more") {
    prepare = [this](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.before("remove", 1, [this] { stop.request_stop(); });
        }
    };
    add_garbage(1, 1800);
    run_with_workers();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(tally(Target::access_token).removed == 600);
    CHECK(each_went_once(1, 600));
}

TEST_CASE_FIXTURE(WorkerRun, "what a worker could not do before a stop is left for another run") {
    prepare = [this](FakeStore& worker, std::size_t n) {
        if (n == 0) {
            worker.before("begin", 1, [this] { stop.request_stop(); });
            worker.locked.insert({Target::access_token, 250});
        }
    };
    add_garbage(1, 600);
    run_with_workers();
    CHECK(report.stop_reason == gc::StopReason::signal);
    CHECK(tally(Target::access_token).removed == 400);
    CHECK(removals(250) == 0);
}

TEST_CASE_FIXTURE(WorkerRun, "a run that lost its lock commits no more than what was in hand") {
    add_garbage(1, 1800);
    store.fail("remove", 1, ErrorKind::connection);
    store.before("reconnect", 1, [this] { store.other_run = "connection 42 from db2"; });
    const auto failure = failure_of([this] { run_with_workers(); });
    CHECK(failure.kind == ErrorKind::busy);
    CHECK(failure.says("connection 42 from db2"));
    CHECK(store.count_calls("commit") == 0);
    CHECK(stores[0]->count_calls("commit") == 1);
    CHECK(stores[1]->count_calls("commit") == 1);
    CHECK(tally(Target::access_token).removed == 400);
}

TEST_CASE_FIXTURE(WorkerRun, "workers remove no more rows than max_rows lets go") {
    settings.limits.max_rows = 450;
    add_garbage(1, 2000);
    run_with_workers();
    CHECK(report.stop_reason == gc::StopReason::max_rows);
    CHECK(tally(Target::access_token).removed == 450);
}

TEST_CASE_FIXTURE(WorkerRun, "a run that stops at max_rows has scanned what its dry run scanned") {
    settings.limits.batch_size = 100;
    settings.limits.max_rows = 450;
    add_garbage(1, 2000);
    const std::int64_t scanned = dry_run().tally.at(Target::access_token).scanned;
    report = {};
    run_with_workers();
    CHECK(tally(Target::access_token).scanned == scanned);
    CHECK(tally(Target::access_token).removed == 450);
}

TEST_CASE_FIXTURE(WorkerRun, "the slowest session of a round tells how large the next may be") {
    prepare = [this](FakeStore& worker, std::size_t n) {
        if (n == 1) {
            worker.cost = [this](const std::string& method) {
                spent_ms += method == "commit" ? 1000 : 0;
            };
        }
    };
    add_garbage(1, 900);
    run_with_workers();
    CHECK(report.longest_batch >= 1000ms);
    CHECK(report.batches > 6);  // of 200 each at first, of 50 after that
    CHECK(tally(Target::access_token).removed == 900);
}
