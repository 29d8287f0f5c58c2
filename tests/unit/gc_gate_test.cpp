// SPDX-License-Identifier: Apache-2.0
#include "gc/gate.hpp"
#include "gc/pause_file.hpp"
#include "support/settings.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using gc::Reading;
using gc::Signal;
using gc::StopReason;
using namespace std::chrono_literals;

namespace {

// Says in turn what it was given, and the last of it for ever.
class ScriptedHealth final : public gc::HealthSource {
public:
    std::deque<std::vector<Reading>> script{};
    int looks = 0;

    std::vector<Reading> read() override {
        ++looks;
        const std::vector<Reading> readings =
            script.empty() ? std::vector<Reading>{} : script.front();
        if (script.size() > 1) {
            script.pop_front();
        }
        return readings;
    }
};

Reading lag(std::optional<double> value) {
    return {.signal = Signal::replica_lag, .of = "db2", .value = value, .detail = "no route"};
}

// A gate whose clocks move only by pauses and by work().
struct Scene {
    gc::Settings settings{};
    gc::RunReport report{};
    ScriptedHealth health{};
    std::stop_source stop{};
    std::chrono::steady_clock::time_point time{};
    std::chrono::seconds midnight_was{0};  // before the time began
    std::function<void()> on_pause{};
    int pauses = 0;
    std::optional<gc::Gate> gate{};
    gc::Environment environment{};

    Scene() {
        settings.throttle.busy_share = 1.0;
        environment = {.stop = stop.get_token(),
                       .now = [this] { return time; },
                       .pause =
                           [this](std::chrono::milliseconds duration) {
                               if (++pauses > 100'000) {
                                   throw std::logic_error("a wait without end");
                               }
                               time += duration;
                               if (on_pause) {
                                   on_pause();
                               }
                               return stop.stop_requested();
                           },
                       .local_time =
                           [this] {
                               const auto passed = std::chrono::duration_cast<std::chrono::seconds>(
                                   time.time_since_epoch());
                               return util::LocalTime{.time_of_day = (midnight_was + passed) % 24h,
                                                      .zone = "CET (UTC+01:00)"};
                           },
                       .health = &health};
    }

    std::optional<StopReason> pass() {
        if (!gate) {
            gate.emplace(settings, environment, report);
        }
        return gate->pass();
    }

    void work(std::chrono::milliseconds duration, std::int64_t rows = 0) {
        pass();
        time += duration;
        report.tally[gc::Target::access_token].removed += rows;
    }

    std::chrono::milliseconds paused(const std::string& reason) const {
        const auto found = report.pauses.find(reason);
        return found == report.pauses.end() ? 0ms : found->second;
    }
};

}  // namespace

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
