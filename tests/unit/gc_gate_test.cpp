// SPDX-License-Identifier: Apache-2.0
// Pauses, and waits for the server.
#include "unit/gate_scene.hpp"

#include <doctest/doctest.h>

using gc::Signal;
using gc::StopReason;
using test::lag;
using test::Scene;
using namespace std::chrono_literals;

TEST_CASE("the pause makes all that was done since the last one the busy share") {
    Scene scene;
    scene.settings.throttle.busy_share = 0.25;
    scene.work(100ms);
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.paused("busy_share") == 300ms);
    scene.time += 10ms;
    scene.pass();
    CHECK(scene.paused("busy_share") == 330ms);
    CHECK(scene.report.paused == 330ms);
}

TEST_CASE("waiting in the middle of the work does not count as work") {
    Scene scene;
    scene.settings.throttle.busy_share = 0.5;
    scene.work(100ms);
    scene.time += 2s;
    scene.report.add_pause("retry", 2s);
    scene.pass();
    CHECK(scene.paused("busy_share") == 100ms);
    CHECK(scene.paused("retry") == 2s);
}

TEST_CASE("a rate of rows is kept over the time of the batch and its pause") {
    Scene scene;
    scene.settings.throttle.rows_per_second = 1000;
    scene.work(100ms, 500);
    scene.pass();
    CHECK(scene.paused("rows_per_second") == 400ms);
}

TEST_CASE("the run waits, looking once an interval, until the signal is back under its limit") {
    Scene scene;
    scene.health.script = {{lag(30)}, {lag(std::nullopt)}, {lag(20)}, {lag(10)}};
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.health.looks == 4);
    CHECK(scene.time.time_since_epoch() >= 3s);
    CHECK(scene.time.time_since_epoch() < 3100ms);
    CHECK(scene.paused("replica_lag") == scene.report.paused);
}

TEST_CASE("readings are taken once an interval however often the run passes") {
    Scene scene;
    scene.health.script = {{lag(0)}};
    for (int batch = 0; batch < 10; ++batch) {
        scene.work(300ms);
    }
    CHECK(scene.health.looks == 3);  // at 0 s, 1.2 s and 2.4 s
}

TEST_CASE("a signal that holds the run up for longer than max_wait ends it with its reason") {
    Scene scene;
    scene.settings.throttle.max_wait = 1min;
    scene.health.script = {{lag(std::nullopt)}};
    CHECK(scene.pass() == StopReason::throttle);
    CHECK(scene.time.time_since_epoch() >= 1min);
    CHECK(scene.time.time_since_epoch() < 62s);
    CHECK(scene.report.stop_text ==
          "replica_lag of db2 could not be read (no route), and throttle.max_wait of 1min is over; "
          "run again later");
}

TEST_CASE("the patience begins anew after the run could go on") {
    Scene scene;
    scene.settings.throttle.max_wait = 10s;
    scene.health.script = {{lag(30)}, {lag(30)}, {lag(30)}, {lag(0)},  {lag(30)},
                           {lag(30)}, {lag(30)}, {lag(0)},  {lag(30)}, {lag(0)}};
    for (int batch = 0; batch < 10; ++batch) {
        CHECK(scene.pass() == std::nullopt);
        scene.time += 1500ms;
    }
}

TEST_CASE("with a max_wait of 0 the run waits for ever") {
    Scene scene;
    scene.settings.throttle.max_wait = 0ms;
    scene.health.script = {{lag(30)}};
    scene.on_pause = [&] {
        if (scene.time.time_since_epoch() > 3h) {
            scene.health.script = {{lag(0)}};
        }
    };
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.time.time_since_epoch() > 3h);
}

TEST_CASE("a critical level ends the run at once") {
    Scene scene;
    scene.settings.throttle.signals[Signal::replica_lag].critical = 300;
    scene.health.script = {{lag(301)}};
    CHECK(scene.pass() == StopReason::throttle);
    CHECK(scene.report.paused == 0ms);
    CHECK(scene.report.stop_text.find("above the critical level of 300 s") != std::string::npos);
}

TEST_CASE("a stop request or the end of max_time ends every wait") {
    Scene scene;
    scene.health.script = {{lag(30)}};
    SUBCASE("a stop request") {
        scene.on_pause = [&] { scene.stop.request_stop(); };
        CHECK(scene.pass() == std::nullopt);
        CHECK(scene.time.time_since_epoch() <= 1s);
    }
    SUBCASE("max_time, to the millisecond") {
        scene.settings.limits.max_time = 2345ms;
        CHECK(scene.pass() == std::nullopt);
        CHECK(scene.time.time_since_epoch() == 2345ms);
    }
    SUBCASE("max_time while the window is closed") {
        scene.settings.limits.max_time = 25s;
        scene.settings.throttle.window = gc::parse_window("01:00-05:00");
        CHECK(scene.pass() == std::nullopt);
        CHECK(scene.time.time_since_epoch() == 25s);
        CHECK(scene.health.looks == 0);
    }
}
