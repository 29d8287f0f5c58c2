// SPDX-License-Identifier: Apache-2.0
#include "gc/gate.hpp"

#include "gc/pause_file.hpp"
#include "util/log.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace gc {

namespace {

using std::chrono::milliseconds;

// The wall clock may be set while a run waits for the window.
constexpr milliseconds k_longest_look_away{10'000};

constexpr std::string_view k_full_speed =
    "FULL SPEED (throttle.full_speed): the run makes no pauses and heeds no signal of the server, "
    "its replicas or its operators";

milliseconds between(std::chrono::steady_clock::time_point from,
                     std::chrono::steady_clock::time_point to) {
    return std::chrono::duration_cast<milliseconds>(to - from);
}

}  // namespace

Gate::Gate(const Settings& settings, const Environment& environment, RunReport& report)
    : m_settings(settings),
      m_environment(environment),
      m_report(report),
      m_passed(environment.now()),
      m_rows_then(rows_touched(report.tally)),
      m_next_look(m_passed) {
    if (settings.limits.max_time.count() > 0) {
        m_deadline = m_passed + settings.limits.max_time;
    }
    report.full_speed = settings.throttle.full_speed && !report.dry_run;
    if (report.full_speed) {
        report.warnings.emplace_back(k_full_speed);
        util::log_warning("{}", k_full_speed);
    }
    if (settings.throttle.window && !settings.throttle.full_speed && !report.dry_run) {
        report.window = fmt::format("{} {}", to_string(*settings.throttle.window),
                                    environment.local_time().zone);
    }
}

std::optional<StopReason> Gate::pass() {
    if (m_report.dry_run || m_settings.throttle.full_speed) {
        return std::nullopt;
    }
    std::optional<StopReason> reason;
    pause(decide({}, work(), m_settings.throttle));
    while (!is_over()) {
        Decision decision = look_at_window();
        if (decision.action == Action::go) {
            decision = look_at_server();
        }
        if (decision.action == Action::go) {
            break;
        }
        announce(decision);
        if (decision.action == Action::stop) {
            reason = stop(decision);
            break;
        }
        pause(decision);
        if (is_patience_over()) {
            decision.text = fmt::format("{}, and throttle.max_wait of {} is over", decision.text,
                                        util::format_duration(m_settings.throttle.max_wait));
            reason = stop(decision);
            break;
        }
    }
    end_wait(!reason && !is_over());
    m_passed = m_environment.now();
    m_paused_then = m_report.paused;
    m_rows_then = rows_touched(m_report.tally);
    return reason;
}

Work Gate::work() const {
    const milliseconds paused_meanwhile = m_report.paused - m_paused_then;
    return {.took = std::max(milliseconds{0},
                             between(m_passed, m_environment.now()) - paused_meanwhile),
            .rows = rows_touched(m_report.tally) - m_rows_then};
}

bool Gate::is_over() const {
    return m_environment.stop.stop_requested() ||
           (m_deadline && m_environment.now() >= *m_deadline);
}

Decision Gate::look_at_window() {
    if (!m_settings.throttle.window) {
        return {};
    }
    const Window& window = *m_settings.throttle.window;
    const util::LocalTime local = m_environment.local_time();
    if (is_open(window, local.time_of_day)) {
        m_window_was_open = true;
        return {};
    }
    const milliseconds closed = until_open(window, local.time_of_day);
    return {.action = m_window_was_open ? Action::stop : Action::wait,
            .reason = "window",
            .text = fmt::format(
                "the window {} {} {}", to_string(window), local.zone,
                m_window_was_open ? "has closed" : "opens in " + util::format_duration(closed)),
            .pause = std::min(closed, k_longest_look_away)};
}

Decision Gate::look_at_server() {
    if (m_environment.now() < m_next_look) {
        m_last_look.pause = between(m_environment.now(), m_next_look) + milliseconds{1};
        return m_last_look;
    }
    const std::vector<Reading> taken = readings();
    warn(taken);
    m_last_look = decide(taken, {}, m_settings.throttle);
    m_next_look = m_environment.now() + m_settings.throttle.interval;
    return m_last_look;
}

std::vector<Reading> Gate::readings() {
    std::vector<Reading> taken;
    if (!m_settings.throttle.pause_file.empty()) {
        taken.push_back(read_pause_file(m_settings.throttle.pause_file));
    }
    if (m_environment.health != nullptr) {
        std::vector<Reading> of_server = m_environment.health->read();
        taken.insert(taken.end(), of_server.begin(), of_server.end());
    }
    return taken;
}

// Once a run, and to be read again in the report.
void Gate::warn(const std::vector<Reading>& readings) {
    for (const Reading& reading : readings) {
        const std::vector<std::string> texts = warnings({reading}, m_settings.throttle);
        if (!texts.empty() && m_warned.insert(reading.signal).second) {
            util::log_warning("{}", texts.front());
            m_report.warnings.push_back(texts.front());
        }
    }
}

void Gate::pause(const Decision& decision) {
    milliseconds duration = decision.pause;
    if (m_deadline) {
        duration = std::clamp(between(m_environment.now(), *m_deadline), milliseconds{0}, duration);
    }
    if (duration.count() <= 0) {
        return;
    }
    if (decision.action == Action::go) {
        util::log_event(util::LogLevel::debug, "pause",
                        {{"reason", decision.reason}, {"ms", duration.count()}}, decision.text);
    } else if (decision.reason != "window" && !m_held_up_since) {
        m_held_up_since = m_environment.now();
    }
    const Moment start = m_environment.now();
    m_environment.pause(duration);
    m_report.add_pause(decision.reason, between(start, m_environment.now()));
}

void Gate::announce(const Decision& decision) {
    if (m_waiting_for == decision.reason) {
        return;
    }
    m_waiting_for = decision.reason;
    util::log_event(util::LogLevel::info, "pause", {{"reason", decision.reason}},
                    decision.action == Action::stop ? decision.text + ", so the run stops"
                                                    : decision.text + ", so the run waits");
}

void Gate::end_wait(bool goes_on) {
    if (goes_on && !m_waiting_for.empty()) {
        util::log_event(
            util::LogLevel::info, "resume",
            {{"reason", m_waiting_for}, {"paused_ms", m_report.pauses.at(m_waiting_for).count()}},
            "the wait is over");
    }
    m_waiting_for.clear();
    m_held_up_since.reset();
}

bool Gate::is_patience_over() const {
    const milliseconds longest = m_settings.throttle.max_wait;
    return longest.count() > 0 && m_held_up_since &&
           between(*m_held_up_since, m_environment.now()) >= longest;
}

StopReason Gate::stop(const Decision& decision) {
    if (decision.reason == "window") {
        return StopReason::window;
    }
    m_report.stop_text = decision.text + "; run again later";
    return StopReason::throttle;
}

}  // namespace gc
