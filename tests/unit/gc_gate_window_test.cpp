// SPDX-License-Identifier: Apache-2.0
// Waits that an operator asks for, and runs that wait for nothing.
#include "gc/pause_file.hpp"
#include "support/settings.hpp"
#include "unit/gate_scene.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using gc::Reading;
using gc::Signal;
using gc::StopReason;
using test::lag;
using test::Scene;
using namespace std::chrono_literals;

TEST_CASE("outside of the window the run waits until it opens, however long max_wait is") {
    Scene scene;
    scene.settings.throttle.window = gc::parse_window("01:00-05:00");
    scene.settings.throttle.max_wait = 1min;
    scene.midnight_was = 22h;
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.time.time_since_epoch() == 3h);
    CHECK(scene.paused("window") == 3h);
    CHECK(scene.report.window == "01:00-05:00 CET (UTC+01:00)");
}

TEST_CASE("the end of the window ends the run") {
    Scene scene;
    scene.settings.throttle.window = gc::parse_window("23:00-05:00");
    scene.midnight_was = 23h;
    CHECK(scene.pass() == std::nullopt);
    scene.time += 6h - 1s;
    CHECK(scene.pass() == std::nullopt);
    scene.time += 1s;
    CHECK(scene.pass() == StopReason::window);
}

TEST_CASE("a window that closes while a signal holds the run up ends the run") {
    Scene scene;
    scene.settings.throttle.window = gc::parse_window("01:00-05:00");
    scene.settings.throttle.max_wait = 0ms;
    scene.midnight_was = 4h;
    scene.health.script = {{lag(30)}};
    CHECK(scene.pass() == StopReason::window);
    CHECK(scene.paused("replica_lag") >= 1h);
}

TEST_CASE("at full speed the run heeds nothing and says so") {
    Scene scene;
    scene.settings.throttle.full_speed = true;
    scene.settings.throttle.busy_share = 0.1;
    scene.settings.throttle.window = gc::parse_window("01:00-05:00");
    scene.settings.throttle.pause_file = "/";
    scene.health.script = {{lag(1e9)}};
    scene.work(1s, 1000);
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.report.paused == 0ms);
    CHECK(scene.health.looks == 0);
    CHECK(scene.report.full_speed);
    REQUIRE(scene.report.warnings.size() == 1);
    CHECK(scene.report.warnings.front().starts_with("FULL SPEED"));
}

TEST_CASE("a dry run neither waits nor asks how the server is") {
    Scene scene;
    scene.report.dry_run = true;
    scene.settings.throttle.window = gc::parse_window("01:00-05:00");
    scene.settings.throttle.busy_share = 0.1;
    scene.health.script = {{lag(1e9)}};
    scene.work(1s);
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.report.paused == 0ms);
    CHECK(scene.health.looks == 0);
}

TEST_CASE("the run waits while the pause file exists") {
    Scene scene;
    std::optional<test::TemporaryFile> file("");
    scene.settings.throttle.pause_file = file->path();
    scene.on_pause = [&] {
        if (scene.time.time_since_epoch() > 5s) {
            file.reset();
        }
    };
    CHECK(scene.pass() == std::nullopt);
    CHECK(scene.paused("pause_file") > 5s);
    CHECK(scene.paused("pause_file") < 8s);
}

TEST_CASE("a pause file that nobody can look for is a signal that could not be read") {
    const test::TemporaryFile file("");
    CHECK(gc::read_pause_file(file.path()).value == 1.0);
    CHECK(gc::read_pause_file(file.path() + ".not").value == 0.0);
    CHECK(gc::read_pause_file("/nonexistent/folder/pause").value == 0.0);
    const Reading unreadable = gc::read_pause_file("/tmp/" + std::string(300, 'x'));
    CHECK_FALSE(unreadable.value);
    CHECK_FALSE(unreadable.detail.empty());
}

TEST_CASE("a warning is given once a run") {
    Scene scene;
    scene.health.script = {{{.signal = Signal::dead_rows, .value = 1e12, .detail = "run VACUUM"}}};
    for (int batch = 0; batch < 5; ++batch) {
        scene.work(2s);
    }
    REQUIRE(scene.report.warnings.size() == 1);
    CHECK(scene.report.warnings.front() ==
          "dead_rows is 1000000000000, above the limit of 10000000: run VACUUM");
}
