// SPDX-License-Identifier: Apache-2.0
// What bounds a run: rows, time, a stop; and what it says about that.
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

using gc::Id;
using gc::StopReason;
using gc::Target;
using test::FakeRun;
using namespace std::chrono_literals;

namespace {

std::chrono::milliseconds sum(const std::vector<std::chrono::milliseconds>& pauses) {
    return std::accumulate(pauses.begin(), pauses.end(), 0ms);
}

}  // namespace

TEST_CASE_FIXTURE(FakeRun, "a run without limits works until nothing is left and says so") {
    add_garbage(1, 25);
    run();
    CHECK(report.stop_reason == StopReason::done);
    CHECK(gc::name(report.stop_reason) == "done");
    CHECK(store.tables.count(Target::access_token) == 0);
}

TEST_CASE_FIXTURE(FakeRun, "an empty database is done at once, without a transaction") {
    run();
    CHECK(report.stop_reason == StopReason::done);
    CHECK(store.count_calls("begin") == 0);
    CHECK(report.batches == 0);
}

TEST_CASE_FIXTURE(FakeRun, "exactly max_rows rows are removed, whatever the size of a batch") {
    add_garbage(1, 50);
    for (const std::int64_t size : {1, 3, 7, 2000}) {
        CAPTURE(size);
        settings.limits.batch_size = size;
        settings.limits.max_rows = 11;
        report = {};
        const std::int64_t before = store.tables.count(Target::access_token);
        run();
        CHECK(gc::rows_removed(report.tally) == 11);
        CHECK(store.tables.count(Target::access_token) == before - 11);
        CHECK(report.stop_reason == StopReason::max_rows);
        CHECK(store.tables.ownerless_count() == 0);
    }
}

TEST_CASE_FIXTURE(FakeRun,
                  "holders that follow their tokens count for max_rows, satellites do not") {
    for (Id id = 1; id <= 20; ++id) {
        store.tables.add(Target::authentication_holder, id);
        store.tables.add(Target::access_token, id,
                         {.expiration = ago(2h + std::chrono::seconds{id}), .parent_id = id});
    }
    settings.limits.max_rows = 15;
    settings.limits.batch_size = 10;
    run();
    CHECK(tally(Target::access_token).removed + tally(Target::authentication_holder).removed == 15);
    CHECK(gc::rows_touched(report.tally) > 15);
    CHECK(report.stop_reason == StopReason::max_rows);
}

TEST_CASE_FIXTURE(FakeRun, "rows that stay do not use up max_rows") {
    for (Id id = 1; id <= 30; ++id) {
        store.tables.add(Target::device_code, id, {.expiration = id <= 20 ? later(1h) : ago(2h)});
    }
    settings.limits.max_rows = 5;
    run();
    CHECK(tally(Target::device_code).removed == 5);
    CHECK(tally(Target::device_code).kept.at("not_expired") == 20);
}

TEST_CASE_FIXTURE(FakeRun, "a second run goes on where max_rows ended the first") {
    add_garbage(1, 10);
    settings.limits.max_rows = 6;
    run();
    report = {};
    run();
    CHECK(tally(Target::access_token).removed == 4);
    CHECK(report.stop_reason == StopReason::done);
    CHECK(store.tables.count(Target::access_token) == 0);
}

TEST_CASE_FIXTURE(FakeRun, "max_time ends the run after the batch in hand") {
    add_garbage(1, 100);
    settings.limits.batch_size = 10;
    settings.limits.max_time = 250ms;
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    run();
    CHECK(report.stop_reason == StopReason::max_time);
    CHECK(report.batches == 3);
    CHECK(tally(Target::access_token).removed == 30);
    CHECK(report.elapsed == 300ms);
}

TEST_CASE_FIXTURE(FakeRun, "a pause never outlasts max_time") {
    add_garbage(1, 100);
    settings.limits.batch_size = 10;
    settings.limits.max_time = 1s;
    settings.throttle.busy_share = 0.01;
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    run();
    CHECK(report.stop_reason == StopReason::max_time);
    CHECK(report.elapsed == 1s);
    CHECK(tally(Target::access_token).removed == 10);
}

TEST_CASE_FIXTURE(FakeRun, "a stop that is requested before the run removes nothing") {
    add_garbage(1, 10);
    stop.request_stop();
    run();
    CHECK(report.stop_reason == StopReason::signal);
    CHECK(store.tables.count(Target::access_token) == 10);
    CHECK(store.count_calls("begin") == 0);
}

TEST_CASE_FIXTURE(FakeRun, "a stop in the middle of a batch finishes that batch and no other") {
    add_garbage(1, 30);
    settings.limits.batch_size = 10;
    store.before("remove", 2, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == StopReason::signal);
    CHECK(tally(Target::access_token).removed == 20);
    CHECK(store.tables.count(Target::access_token) == 10);
    CHECK(store.tables.ownerless_count() == 0);
}

TEST_CASE_FIXTURE(FakeRun, "a stop ends the pause between two batches") {
    add_garbage(1, 30);
    settings.limits.batch_size = 10;
    settings.throttle.busy_share = 0.5;
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    store.before("commit", 1, [this] { stop.request_stop(); });
    run();
    CHECK(report.stop_reason == StopReason::signal);
    CHECK(tally(Target::access_token).removed == 10);
}

TEST_CASE_FIXTURE(FakeRun, "a signal is the reason that counts when a limit is reached as well") {
    add_garbage(1, 30);
    settings.limits.batch_size = 10;
    settings.limits.max_rows = 10;
    settings.limits.max_time = 1ms;
    store.before("commit", 1, [this] {
        time += 1s;
        stop.request_stop();
    });
    run();
    CHECK(report.stop_reason == StopReason::signal);
}

TEST_CASE_FIXTURE(FakeRun, "the run works no more than its busy share of the time") {
    add_garbage(1, 100);
    settings.limits.batch_size = 10;
    store.cost = [this](const std::string& method) { time += method == "commit" ? 100ms : 0ms; };
    for (const auto& [share, pause] :
         {std::pair(0.5, 100ms), std::pair(0.25, 300ms), std::pair(0.2, 400ms)}) {
        CAPTURE(share);
        store.elsewhere([this](test::Tables& tables) { tables = {}; });
        add_garbage(1, 100);
        report = {};
        pauses.clear();
        settings.throttle.busy_share = share;
        run();
        CHECK(report.batches == 10);
        CHECK(pauses.size() >= 9);
        CHECK(pauses.front() == pause);
        CHECK(report.paused == sum(pauses));
        CHECK(report.elapsed == 1000ms + report.paused);
    }
}

TEST_CASE_FIXTURE(FakeRun, "no pause is made with a busy share of one") {
    add_garbage(1, 100);
    settings.limits.batch_size = 10;
    store.cost = [this](const std::string&) { time += 10ms; };
    run();
    CHECK(pauses.empty());
    CHECK(report.paused == 0ms);
}

TEST_CASE_FIXTURE(FakeRun, "slow batches become smaller, so that one takes about batch_time") {
    add_garbage(1, 1000);
    settings.limits.batch_time = 100ms;
    store.cost = [this](const std::string& method) {
        if (method == "remove") {
            const std::string& call = store.calls.back();
            time += std::chrono::milliseconds{5 * (1 + std::count(call.begin(), call.end(), ','))};
        }
    };
    run();
    CHECK(report.longest_batch == 1000ms);
    CHECK(store.tables.count(Target::access_token) == 0);
    CHECK(report.batches == 1 + (1000 - 200) / 20);
}

TEST_CASE_FIXTURE(FakeRun, "no batch holds more rows than batch_size") {
    add_garbage(1, 100);
    settings.limits.batch_size = 7;
    run();
    for (const std::string& call : store.calls) {
        CHECK(std::count(call.begin(), call.end(), ',') < 7);
    }
    CHECK(store.tables.count(Target::access_token) == 0);
}

TEST_CASE_FIXTURE(FakeRun, "progress is told after each batch") {
    add_garbage(1, 30);
    settings.limits.batch_size = 10;
    std::vector<std::int64_t> removed;
    gc::Environment told = environment();
    told.progress = [&](const gc::Progress& at) {
        CHECK(at.target == Target::access_token);
        removed.push_back(at.removed);
    };
    gc::collect(store, plan(), settings, told, report);
    CHECK(removed == std::vector<std::int64_t>{10, 20, 30});
}
