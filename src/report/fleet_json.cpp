// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/json.hpp"

#include <chrono>
#include <optional>

namespace report {

namespace {

Json time_json(const std::optional<util::TimePoint>& time) {
    return time ? Json(util::format_time(*time)) : Json(nullptr);
}

Json seconds_json(const std::optional<std::chrono::seconds>& duration) {
    return duration ? Json(duration->count()) : Json(nullptr);
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json counts_json(const TokenCounts& counts) {
    return {{"live", counts.live},
            {"expired", counts.expired},
            {"never_expiring", counts.never_expiring}};
}

Json rates_json(const IssueRates& rates) {
    return {{"now", rates.now},           {"last_hour", rates.last_hour},
            {"last_day", rates.last_day}, {"last_week", rates.last_week},
            {"peak", rates.peak},         {"peak_at", time_json(rates.peak_at)}};
}

Json history_json(const std::vector<IssueBucket>& history) {
    Json json{{"start", nullptr}, {"issued_per_hour", Json::array()}};
    for (const IssueBucket& bucket : history) {
        json["issued_per_hour"].push_back(bucket.issued);
    }
    if (!history.empty()) {
        json["start"] = util::format_time(history.front().start);
    }
    return json;
}

Json flags_json(const std::vector<Flag>& flags) {
    Json json = Json::array();
    for (const Flag& flag : flags) {
        json.push_back({{"name", name(flag.name)},
                        {"figure", flag.figure},
                        {"threshold", flag.threshold},
                        {"sentence", flag.sentence},
                        {"advice", flag.advice}});
    }
    return json;
}

// Who the client is.
Json identity_json(const ClientFigures& client) {
    return {{"id", or_null(client.id)},
            {"client_id", client.client_id},
            {"name", client.name},
            {"active", or_null(client.active)},
            {"dynamically_registered", or_null(client.dynamically_registered)},
            {"grant_types", client.grant_types},
            {"contacts", client.contacts},
            {"owners", client.owners},
            {"created", time_json(client.created)},
            {"last_used", time_json(client.last_used)}};
}

Json client_json(const ClientFigures& client) {
    Json json = identity_json(client);
    json["flags"] = flags_json(client.flags);
    json.update(counts_json(client.access));
    json["registration"] = client.registration;
    json["refresh"] = counts_json(client.refresh);
    json["idle_refresh"] = client.idle_refresh;
    json["share"] = client.share;
    json["bytes"] = client.bytes;
    json["lifetime_s"] = seconds_json(client.lifetime);
    json["refresh_lifetime_s"] = seconds_json(client.refresh_lifetime);
    json["issued_per_second"] = rates_json(client.rates);
    json["first_issued"] = time_json(client.first_issued);
    json["last_issued"] = time_json(client.last_issued);
    json["history"] = history_json(client.history);
    json["users"] = client.users;
    json["live_users"] = client.live_users;
    json["tokens_per_user"] = client.tokens_per_user;
    json["tokens_per_lifetime"] = client.tokens_per_lifetime;
    json["seconds_between"] = client.seconds_between;
    json["burst_score"] = client.burst_score;
    json["removed"] = or_null(client.removed);
    json["left"] = client.left;
    return json;
}

Json totals_json(const FleetTotals& totals) {
    return {{"access", counts_json(totals.access)},
            {"registration", totals.registration},
            {"refresh", counts_json(totals.refresh)},
            {"bytes", totals.bytes},
            {"bytes_per_token", totals.bytes_per_token},
            {"left", totals.left},
            {"clients", totals.clients},
            {"flagged", totals.flagged},
            {"history", history_json(totals.history)}};
}

Json points_json(const std::vector<HistoryPoint>& points) {
    Json json = Json::array();
    for (const HistoryPoint& point : points) {
        json.push_back({{"at", util::format_time(point.at)},
                        {"tokens", point.tokens},
                        {"backlog", point.backlog},
                        {"bytes", point.bytes}});
    }
    return json;
}

Json forecast_json(const Forecast& forecast) {
    return {{"inflow_per_day", forecast.inflow_per_day},
            {"outflow_per_day", or_null(forecast.outflow_per_day)},
            {"backlog_per_day", or_null(forecast.backlog_per_day)},
            {"growth_per_day", forecast.growth_per_day},
            {"growth_measured", forecast.growth_measured},
            {"steady_tokens", forecast.steady_tokens},
            {"steady_bytes", forecast.steady_bytes},
            {"limit_rows", forecast.limit_rows},
            {"limit_bytes", forecast.limit_bytes},
            {"until_rows_s", seconds_json(forecast.until_rows)},
            {"until_bytes_s", seconds_json(forecast.until_bytes)},
            {"removal_per_second", forecast.removal_per_second},
            {"removal_measured", forecast.removal_measured},
            {"backlog_time_s", forecast.backlog_time.count()},
            {"window_s", seconds_json(forecast.window)},
            {"server_capacity_per_day", forecast.server_capacity_per_day},
            {"past", points_json(forecast.past)},
            {"future", points_json(forecast.future)},
            {"sentences", forecast.sentences}};
}

Json last_run_json(const std::optional<LastRun>& run) {
    if (!run) {
        return nullptr;
    }
    return {{"at", util::format_time(run->at)},
            {"removed", run->removed},
            {"tokens_per_second", run->tokens_per_second},
            {"stop_reason", run->stop_reason}};
}

}  // namespace

std::string fleet_json(const Fleet& fleet, const RenderOptions& /*options*/) {
    Json json = head_json(fleet.head);
    json["now"] = util::format_time(fleet.now);
    json["elapsed_ms"] = fleet.elapsed.count();
    json["complete"] = fleet.complete;
    json["access_tokens"] = fleet.totals.access.total() + fleet.totals.registration;
    json["totals"] = totals_json(fleet.totals);
    json["clients"] = Json::array();
    for (const ClientFigures& client : fleet.clients) {
        json["clients"].push_back(client_json(client));
    }
    json["forecast"] = forecast_json(fleet.forecast);
    json["last_run"] = last_run_json(fleet.last_run);
    json["warnings"] = fleet.warnings;
    json["exit_code"] = fleet.exit_code;
    return dump(json);
}

}  // namespace report
