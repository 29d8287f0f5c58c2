// SPDX-License-Identifier: Apache-2.0
#include "gc/throttle.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using gc::Action;
using gc::decide;
using gc::Decision;
using gc::Reading;
using gc::Signal;
using gc::ThrottleSettings;
using namespace std::chrono_literals;

namespace {

// No pace of its own, a limit and a critical level for every signal.
ThrottleSettings settings() {
    ThrottleSettings throttle{.busy_share = 1.0, .interval = 700ms};
    for (auto& [signal, limits] : throttle.signals) {
        limits = {.on = true, .limit = 10, .critical = 100};
    }
    return throttle;
}

Reading lag(std::optional<double> value, const std::string& of = "db2") {
    return {.signal = Signal::replica_lag, .of = of, .value = value, .detail = "no route"};
}

}  // namespace

TEST_CASE(
    "a value up to the limit lets the run go on, above it the run waits, above the critical "
    "level it stops") {
    struct Row {
        double value = 0;
        Action action = Action::go;
    };
    for (const Row& row : std::vector<Row>{{0, Action::go},
                                           {10, Action::go},
                                           {10.001, Action::wait},
                                           {100, Action::wait},
                                           {100.001, Action::stop},
                                           {1e18, Action::stop}}) {
        CAPTURE(row.value);
        CHECK(decide({lag(row.value)}, {}, settings()).action == row.action);
    }
}

TEST_CASE("a signal that could not be read makes the run wait, and is never critical") {
    const Decision decision = decide({lag(std::nullopt)}, {}, settings());
    CHECK(decision.action == Action::wait);
    CHECK(decision.reason == "replica_lag");
    CHECK(decision.text == "replica_lag of db2 could not be read (no route)");
}

TEST_CASE(
    "a decision to wait names the signal, whose it is, value and limit, and looks again "
    "after the interval") {
    const Decision decision = decide({lag(14)}, {}, settings());
    CHECK(decision.reason == "replica_lag");
    CHECK(decision.text == "replica_lag of db2 is 14 s, above the limit of 10 s");
    CHECK(decision.pause == 700ms);
    CHECK(decide({lag(101)}, {}, settings()).text ==
          "replica_lag of db2 is 101 s, above the critical level of 100 s");
}

TEST_CASE("one signal that stops the run outweighs all that would wait or go on") {
    const std::vector<Reading> readings{lag(0, "a"), lag(50, "b"), lag(std::nullopt, "c"),
                                        lag(101, "d"), lag(0, "e")};
    const Decision decision = decide(readings, {}, settings());
    CHECK(decision.action == Action::stop);
    CHECK(decision.text.find(" of d ") != std::string::npos);
}

TEST_CASE("a signal that is off counts neither by its value nor when it cannot be read") {
    ThrottleSettings throttle = settings();
    throttle.signals[Signal::replica_lag].on = false;
    CHECK(decide({lag(1000)}, {}, throttle).action == Action::go);
    CHECK(decide({lag(std::nullopt)}, {}, throttle).action == Action::go);
}

TEST_CASE("without a critical level no value stops the run") {
    ThrottleSettings throttle = settings();
    throttle.signals[Signal::replica_lag].critical.reset();
    CHECK(decide({lag(1e9)}, {}, throttle).action == Action::wait);
}

TEST_CASE("every signal but those that only warn can make the run wait, by value and by silence") {
    for (const gc::SignalInfo& signal : gc::k_signals) {
        CAPTURE(signal.name);
        const Action expected = signal.only_warns ? Action::go : Action::wait;
        CHECK(decide({{.signal = signal.signal, .value = 11.0}}, {}, settings()).action ==
              expected);
        CHECK(decide({{.signal = signal.signal}}, {}, settings()).action == expected);
    }
}

TEST_CASE("a signal that only warns says so above its limit and never otherwise") {
    const auto warned = [](std::optional<double> value) {
        return gc::warnings({{.signal = Signal::xmin_age, .value = value}}, settings());
    };
    CHECK(warned(11) == std::vector<std::string>{"xmin_age is 11, above the limit of 10"});
    CHECK(warned(10).empty());
    CHECK(warned(std::nullopt).empty());
    CHECK(gc::warnings({lag(50)}, settings()).empty());
}

TEST_CASE("going on is preceded by the longer of the pauses for the share and for the rate") {
    ThrottleSettings throttle = settings();
    throttle.busy_share = 0.5;
    throttle.rows_per_second = 1000;
    const Decision share = decide({}, {.took = 300ms, .rows = 100}, throttle);
    CHECK(share.action == Action::go);
    CHECK(share.reason == "busy_share");
    CHECK(share.pause == 300ms);
    const Decision rate = decide({}, {.took = 300ms, .rows = 1000}, throttle);
    CHECK(rate.reason == "rows_per_second");
    CHECK(rate.pause == 700ms);
}

TEST_CASE("rows and pause together take at least the time that the rate allows") {
    CHECK(gc::pause_for_rate(100ms, 500, 1000) == 400ms);
    CHECK(gc::pause_for_rate(600ms, 500, 1000) == 0ms);
    CHECK(gc::pause_for_rate(0ms, 1, 1) == 1000ms);
    CHECK(gc::pause_for_rate(0ms, 1'000'000, 0) == 0ms);
    CHECK(gc::pause_for_rate(0ms, 0, 1) == 0ms);
}

TEST_CASE("at full speed nothing pauses, waits or stops the run") {
    ThrottleSettings throttle = settings();
    throttle.busy_share = 0.1;
    throttle.rows_per_second = 1;
    throttle.full_speed = true;
    for (const std::vector<Reading>& readings :
         {std::vector<Reading>{}, {lag(std::nullopt)}, {lag(50)}, {lag(1000)}}) {
        const Decision decision = decide(readings, {.took = 1s, .rows = 1000}, throttle);
        CHECK(decision.action == Action::go);
        CHECK(decision.pause == 0ms);
    }
}

TEST_CASE("values are shown with their unit") {
    CHECK(gc::value_text(Signal::replica_lag, 14) == "14 s");
    CHECK(gc::value_text(Signal::replica_lag, 0.25) == "0.2 s");
    CHECK(gc::value_text(Signal::replica_bytes, 5 << 20) == "5 MiB");
    CHECK(gc::value_text(Signal::replica_bytes, 1000) == "1000 bytes");
    CHECK(gc::value_text(Signal::flow_control, 0.07) == "7 %");
    CHECK(gc::value_text(Signal::history_list, 1'200'000) == "1200000");
}
