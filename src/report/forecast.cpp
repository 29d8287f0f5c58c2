// SPDX-License-Identifier: Apache-2.0
#include "report/forecast.hpp"

#include "report/robust.hpp"
#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace report {

namespace {

constexpr double k_day = 86'400;
constexpr std::chrono::days k_trend{7};
constexpr std::chrono::seconds k_enough_history = std::chrono::hours{1};
constexpr int k_future_days = 14;
// Longer than any forecast is worth.
constexpr double k_never = 100 * 365 * k_day;

struct Trend {
    bool known = false;
    double tokens = 0;   // a day
    double backlog = 0;  // a day
};

Trend trend_of(const std::vector<HistoryPoint>& points) {
    std::vector<double> days;
    std::vector<double> tokens;
    std::vector<double> backlog;
    for (const HistoryPoint& point : points) {
        if (point.at >= points.back().at - k_trend) {
            days.push_back(std::chrono::duration<double>(point.at - points.back().at).count() /
                           k_day);
            tokens.push_back(static_cast<double>(point.tokens));
            backlog.push_back(static_cast<double>(point.backlog));
        }
    }
    if (days.empty() || -days.front() * k_day < static_cast<double>(k_enough_history.count())) {
        return {};
    }
    return {.known = true,
            .tokens = robust_slope(days, tokens),
            .backlog = robust_slope(days, backlog)};
}

std::optional<std::chrono::seconds> until(double now, double limit, double growth_per_day) {
    if (limit <= 0 || (growth_per_day <= 0 && now < limit)) {
        return std::nullopt;
    }
    const double left = now >= limit ? 0 : (limit - now) / growth_per_day * k_day;
    return left > k_never ? std::nullopt
                          : std::optional(std::chrono::seconds{static_cast<std::int64_t>(left)});
}

void flows(Forecast& forecast, const Fleet& fleet, const ForecastBasis& basis) {
    const double grace = std::chrono::duration<double>(basis.grace).count();
    forecast.steady_tokens =
        static_cast<double>(fleet.totals.access.never_expiring + fleet.totals.registration);
    for (const ClientFigures& client : fleet.clients) {
        const double rate = client.rates.last_day;
        forecast.inflow_per_day += rate * k_day;
        forecast.steady_tokens +=
            rate * (static_cast<double>(client.lifetime.value_or(std::chrono::seconds{0}).count()) +
                    grace);
    }
    forecast.steady_bytes = forecast.steady_tokens * fleet.totals.bytes_per_token;
    const Trend trend = trend_of(basis.state.points);
    forecast.growth_measured = trend.known;
    forecast.growth_per_day = trend.known ? trend.tokens : forecast.inflow_per_day;
    if (trend.known) {
        forecast.outflow_per_day = std::max(0.0, forecast.inflow_per_day - trend.tokens);
        forecast.backlog_per_day = trend.backlog;
    }
}

void limits(Forecast& forecast, const Fleet& fleet, const gc::ForecastSettings& settings) {
    const double growth = forecast.growth_per_day;
    const FleetTotals& totals = fleet.totals;
    forecast.limit_rows = settings.limit_rows;
    forecast.limit_bytes = settings.limit_bytes;
    forecast.until_rows = until(static_cast<double>(totals.access.total() + totals.registration),
                                static_cast<double>(settings.limit_rows), growth);
    forecast.until_bytes =
        until(static_cast<double>(totals.bytes), static_cast<double>(settings.limit_bytes),
              growth * totals.bytes_per_token);
}

void removal(Forecast& forecast, const Fleet& fleet, const ForecastBasis& basis) {
    const std::optional<LastRun>& run = basis.state.last_run;
    // A short run is mostly start and pauses, and says nothing about a long one.
    constexpr std::int64_t long_run = 1000;
    forecast.removal_measured = run && run->removed >= long_run && run->tokens_per_second > 0;
    forecast.removal_per_second =
        forecast.removal_measured ? run->tokens_per_second : assumed_removal(basis.throttle);
    forecast.backlog_time = std::chrono::seconds{static_cast<std::int64_t>(
        std::min(k_never, static_cast<double>(fleet.totals.left) / forecast.removal_per_second))};
    forecast.window = working_time(basis.throttle, basis.max_time);
}

void project(Forecast& forecast, const Fleet& fleet) {
    const FleetTotals& totals = fleet.totals;
    const auto later = [](std::int64_t now, double per_day, int day) {
        return std::max<std::int64_t>(0, now + std::llround(per_day * day));
    };
    for (int day = 1; day <= k_future_days; ++day) {
        forecast.future.push_back(
            {.at = fleet.now + std::chrono::days{day},
             .tokens =
                 later(totals.access.total() + totals.registration, forecast.growth_per_day, day),
             .backlog = later(totals.left,
                              forecast.backlog_per_day.value_or(forecast.growth_per_day), day),
             .bytes = later(totals.bytes, forecast.growth_per_day * totals.bytes_per_token, day)});
    }
}

std::string amount(double number) {
    return grouped(std::llround(number));
}

std::string flow_sentence(const Forecast& forecast) {
    std::string text =
        fmt::format("{} access tokens come in a day", amount(forecast.inflow_per_day));
    if (forecast.outflow_per_day) {
        text += fmt::format(", {} go, and the backlog {} by {} a day",
                            amount(*forecast.outflow_per_day),
                            *forecast.backlog_per_day > 0 ? "grows" : "shrinks",
                            amount(std::abs(*forecast.backlog_per_day)));
    }
    return text + ".";
}

std::string server_sentence(const Forecast& forecast) {
    const bool enough = forecast.inflow_per_day <= forecast.server_capacity_per_day;
    return fmt::format(
        "The server's own clean-up (IAM 1.14) removes {} a day at most, which is {}.",
        amount(forecast.server_capacity_per_day), enough ? "enough for that" : "not enough");
}

std::string limit_sentence(const Forecast& forecast, std::string_view what,
                           std::optional<std::chrono::seconds> time) {
    const std::string_view pace =
        forecast.growth_measured ? "at this growth" : "if nothing is removed";
    if (!time) {
        return fmt::format("{} are not reached {}.", what, pace);
    }
    return time->count() == 0 ? fmt::format("{} are there already.", what)
                              : fmt::format("{} are reached in {} {}.", what, rough(*time), pace);
}

std::string backlog_sentence(const Forecast& forecast, std::int64_t backlog) {
    if (backlog == 0) {
        return "There is no backlog.";
    }
    std::string text =
        fmt::format("At {} tokens a second ({}) the backlog of {} takes {}",
                    amount(forecast.removal_per_second),
                    forecast.removal_measured ? "as the last run" : "assumed for this throttle",
                    grouped(backlog), rough(forecast.backlog_time));
    if (forecast.window) {
        text += fmt::format("; your window is {} a day", rough(*forecast.window));
    }
    return text + ".";
}

void put_in_words(Forecast& forecast, const Fleet& fleet) {
    std::vector<std::string>& words = forecast.sentences;
    words.push_back(flow_sentence(forecast));
    words.push_back(server_sentence(forecast));
    words.push_back(
        fmt::format("At this rate there will be {} tokens ({} MB) at any time, if what "
                    "expired is removed.",
                    amount(forecast.steady_tokens), amount(forecast.steady_bytes / 1e6)));
    if (forecast.limit_rows > 0) {
        words.push_back(limit_sentence(
            forecast, fmt::format("{} tokens", grouped(forecast.limit_rows)), forecast.until_rows));
    }
    if (forecast.limit_bytes > 0) {
        words.push_back(limit_sentence(forecast,
                                       fmt::format("{} bytes", grouped(forecast.limit_bytes)),
                                       forecast.until_bytes));
    }
    words.push_back(backlog_sentence(forecast, fleet.totals.left));
}

}  // namespace

double assumed_removal(const gc::ThrottleSettings& throttle) {
    constexpr double without_pauses = 6900;
    constexpr double rows_per_token = 10;
    if (throttle.full_speed) {
        return without_pauses;
    }
    const double by_share = without_pauses * throttle.busy_share;
    return throttle.rows_per_second == 0
               ? by_share
               : std::min(by_share, static_cast<double>(throttle.rows_per_second) / rows_per_token);
}

std::optional<std::chrono::seconds> working_time(const gc::ThrottleSettings& throttle,
                                                 std::chrono::milliseconds max_time) {
    std::optional<std::chrono::seconds> time;
    if (throttle.window && !throttle.full_speed) {
        const auto length = throttle.window->to - throttle.window->from;
        time = length.count() > 0 ? length : length + std::chrono::hours{24};
    }
    if (max_time.count() > 0) {
        const auto most = std::chrono::duration_cast<std::chrono::seconds>(max_time);
        time = std::min(time.value_or(most), most);
    }
    return time;
}

Forecast forecast_of(const Fleet& fleet, const ForecastBasis& basis) {
    Forecast forecast{.past = basis.state.points};
    flows(forecast, fleet, basis);
    limits(forecast, fleet, basis.limits);
    removal(forecast, fleet, basis);
    project(forecast, fleet);
    put_in_words(forecast, fleet);
    return forecast;
}

std::string rough(std::chrono::seconds duration) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 3> units{
        {{86'400, "days"}, {3600, "h"}, {60, "min"}}};
    for (const auto& [length, unit] : units) {
        if (duration.count() >= 2 * length) {
            return fmt::format("{} {}", grouped(duration.count() / length), unit);
        }
    }
    return fmt::format("{} s", duration.count());
}

}  // namespace report
