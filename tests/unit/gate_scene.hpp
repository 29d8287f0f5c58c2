// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/gate.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace test {

// Says in turn what it was given, and the last of it for ever.
class ScriptedHealth final : public gc::HealthSource {
public:
    std::deque<std::vector<gc::Reading>> script{};
    int looks = 0;

    std::vector<gc::Reading> read() override {
        ++looks;
        const std::vector<gc::Reading> readings =
            script.empty() ? std::vector<gc::Reading>{} : script.front();
        if (script.size() > 1) {
            script.pop_front();
        }
        return readings;
    }
};

inline gc::Reading lag(std::optional<double> value) {
    return {.signal = gc::Signal::replica_lag, .of = "db2", .value = value, .detail = "no route"};
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
                               return util::LocalTime{
                                   .time_of_day = (midnight_was + passed) % std::chrono::hours{24},
                                   .zone = "CET (UTC+01:00)"};
                           },
                       .health = &health};
    }

    std::optional<gc::StopReason> pass() {
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
        return found == report.pauses.end() ? std::chrono::milliseconds{0} : found->second;
    }
};

}  // namespace test
