// SPDX-License-Identifier: Apache-2.0
#include "gc/throttle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gc {

namespace {

using std::chrono::milliseconds;

bool is_above(const Reading& reading, const std::optional<double>& level) {
    return reading.value && level && *reading.value > *level;
}

std::string subject(const Reading& reading) {
    return reading.of.empty() ? std::string(name(reading.signal))
                              : fmt::format("{} of {}", name(reading.signal), reading.of);
}

std::string text_above(const Reading& reading, double level, std::string_view level_name) {
    if (info(reading.signal).unit == Unit::flag) {
        return to_text(reading);
    }
    return fmt::format("{}, above the {} of {}", to_text(reading), level_name,
                       value_text(reading.signal, level));
}

Decision judge(const Reading& reading, const SignalLimits& limits, milliseconds interval) {
    if (is_above(reading, limits.critical)) {
        return {.action = Action::stop,
                .reason = std::string(name(reading.signal)),
                .text = text_above(reading, *limits.critical, "critical level")};
    }
    if (!reading.value) {
        // Not knowing is no reason to go on: what hides a signal is often what the signal is about.
        return {.action = Action::wait,
                .reason = std::string(name(reading.signal)),
                .text = to_text(reading),
                .pause = interval};
    }
    if (is_above(reading, limits.limit)) {
        return {.action = Action::wait,
                .reason = std::string(name(reading.signal)),
                .text = text_above(reading, limits.limit, "limit"),
                .pause = interval};
    }
    return {};
}

Decision pace(const Work& work, const ThrottleSettings& settings) {
    const milliseconds for_share = pause_after(work.took, settings);
    const milliseconds for_rate = pause_for_rate(work.took, work.rows, settings.rows_per_second);
    if (for_share >= for_rate) {
        return {.reason = "busy_share",
                .text = fmt::format("worked for {} ms", work.took.count()),
                .pause = for_share};
    }
    return {.reason = "rows_per_second",
            .text = fmt::format("touched {} rows in {} ms", work.rows, work.took.count()),
            .pause = for_rate};
}

}  // namespace

Decision decide(const std::vector<Reading>& readings, const Work& work,
                const ThrottleSettings& settings) {
    if (settings.full_speed) {
        return {};
    }
    Decision decision = pace(work, settings);
    for (const Reading& reading : readings) {
        const SignalLimits& limits = settings.signals.at(reading.signal);
        if (!limits.on || info(reading.signal).only_warns) {
            continue;
        }
        const Decision judged = judge(reading, limits, settings.interval);
        if (judged.action > decision.action) {
            decision = judged;
        }
    }
    return decision;
}

std::string to_text(const Reading& reading) {
    if (!reading.value) {
        return fmt::format("{} could not be read ({})", subject(reading), reading.detail);
    }
    if (info(reading.signal).unit == Unit::flag) {
        return reading.detail;
    }
    return fmt::format("{} is {}", subject(reading), value_text(reading.signal, *reading.value));
}

std::vector<std::string> warnings(const std::vector<Reading>& readings,
                                  const ThrottleSettings& settings) {
    std::vector<std::string> texts;
    for (const Reading& reading : readings) {
        const SignalLimits& limits = settings.signals.at(reading.signal);
        if (limits.on && info(reading.signal).only_warns && is_above(reading, limits.limit)) {
            texts.push_back(text_above(reading, limits.limit, "limit") +
                            (reading.detail.empty() ? "" : ": " + reading.detail));
        }
    }
    return texts;
}

std::chrono::milliseconds pause_after(std::chrono::milliseconds work,
                                      const ThrottleSettings& settings) {
    if (settings.busy_share >= 1.0) {
        return std::chrono::milliseconds{0};
    }
    const double factor = (1.0 - settings.busy_share) / settings.busy_share;
    return milliseconds{std::llround(static_cast<double>(work.count()) * factor)};
}

std::chrono::milliseconds pause_for_rate(std::chrono::milliseconds work, std::int64_t rows,
                                         std::int64_t rows_per_second) {
    if (rows_per_second <= 0) {
        return milliseconds{0};
    }
    const double needed = 1000.0 * static_cast<double>(rows) / static_cast<double>(rows_per_second);
    return std::max(milliseconds{0}, milliseconds{static_cast<std::int64_t>(needed)} - work);
}

std::chrono::milliseconds backoff(const RetrySettings& settings, std::int64_t failures,
                                  double jitter) {
    const std::int64_t doublings = std::clamp<std::int64_t>(failures - 1, 0, 30);
    const std::int64_t longest = settings.longest_delay.count();
    const std::int64_t first = std::min(settings.first_delay.count(), longest);
    const std::int64_t full = doublings >= 20 ? longest : std::min(longest, first << doublings);
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(full) * (1.0 - jitter / 2))};
}

}  // namespace gc
