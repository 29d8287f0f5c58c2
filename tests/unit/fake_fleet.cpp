// SPDX-License-Identifier: Apache-2.0
#include "unit/fake_fleet.hpp"

#include "unit/fake_report.hpp"

#include <chrono>

namespace test {

namespace {

using namespace std::chrono_literals;

constexpr int k_hours = 168;

std::vector<report::IssueBucket> history(util::TimePoint now, std::int64_t usual,
                                         std::int64_t flood) {
    std::vector<report::IssueBucket> buckets;
    for (int hour = 0; hour < k_hours; ++hour) {
        buckets.push_back({.start = now - std::chrono::hours{k_hours - hour},
                           .issued = usual + (hour >= k_hours - 30 ? flood : 0)});
    }
    return buckets;
}

void add_forecast(report::Fleet& fleet) {
    report::Forecast& forecast = fleet.forecast;
    forecast.inflow_per_day = 8'640'000;
    forecast.outflow_per_day = 28'800;
    forecast.backlog_per_day = 8'611'200;
    forecast.steady_tokens = 30e6;
    forecast.steady_bytes = 24e9;
    forecast.limit_rows = 20'000'000;
    forecast.until_rows = 48h;
    forecast.removal_per_second = 2000;
    forecast.backlog_time = 20min;
    forecast.window = 4h;
    forecast.sentences = {"8,640,000 tokens come in a day, 28,800 go"};
    for (int day = 0; day < 7; ++day) {
        forecast.past.push_back({.at = fleet.now - 24h * (6 - day),
                                 .tokens = 400'000 + (day == 6 ? 1'000'000 : 0),
                                 .backlog = 100'000 + 10'000 * day});
        forecast.future.push_back({.at = fleet.now + 24h * day,
                                   .tokens = 1'400'000 + 8'600'000L * day,
                                   .backlog = 160'000 + 8'600'000L * day});
    }
}

}  // namespace

report::ClientFigures fleet_client(gc::Id id, const std::string& name, std::int64_t live) {
    report::ClientFigures client;
    client.id = id;
    client.client_id = "client-" + std::to_string(id);
    client.name = name;
    client.active = true;
    client.access.live = live;
    client.lifetime = 1h;
    return client;
}

report::Fleet fleet() {
    report::Fleet fleet;
    fleet.head = report_head("report");
    fleet.now = util::parse_time("2022-10-12 12:00:00");
    fleet.elapsed = 4200ms;
    report::ClientFigures flood = fleet_client(7, "stress test", 1'000'000);
    flood.access.expired = 50'000;
    flood.left = 40'000;
    flood.rates = {.now = 98.3, .last_hour = 97, .last_day = 90, .last_week = 15, .peak = 120.5};
    flood.users = 1;
    flood.contacts = {"load@example.org"};
    flood.grant_types = {"client_credentials"};
    flood.flags = {{.name = report::FlagName::flood,
                    .client_id = flood.client_id,
                    .figure = 98.3,
                    .threshold = 10,
                    .sentence = "issues 98.3 tokens a second, more than 10",
                    .advice = "Ask its owner to reuse a token while it is good."},
                   {.name = report::FlagName::no_reuse,
                    .client_id = flood.client_id,
                    .sentence = "has 353,880 tokens good at the same time",
                    .advice = "It asks for a token with every request."}};
    report::ClientFigures script = fleet_client(8, "<script>alert(1)</script>", 3000);
    report::ClientFigures formula = fleet_client(9, R"(=HYPERLINK("http://x","y"))", 2000);
    report::ClientFigures honest = fleet_client(10, "Grid portal", 300'000);
    honest.users = 4000;
    honest.rates = {.now = 1.2, .last_hour = 1.1, .last_day = 1, .last_week = 1, .peak = 4};
    report::ClientFigures gone;
    gone.access.expired = 45'000;
    gone.flags = {{.name = report::FlagName::unknown_client,
                   .figure = 45'000,
                   .sentence = "45,000 tokens name a client that does not exist",
                   .advice = "They go when they have expired."}};
    flood.history = history(fleet.now, 10, 350'000);
    honest.history = history(fleet.now, 3900, 0);
    fleet.clients = {flood, gone, honest, script, formula};
    fleet.totals.history = history(fleet.now, 3910, 350'000);
    for (report::ClientFigures& client : fleet.clients) {
        fleet.totals.access.live += client.access.live;
        fleet.totals.access.expired += client.access.expired;
        client.share = static_cast<double>(client.total()) / 1'400'000;
    }
    fleet.totals.clients = 5;
    fleet.totals.flagged = 2;
    fleet.totals.left = 40'000;
    fleet.totals.bytes = 1'120'000'000;
    add_forecast(fleet);
    return fleet;
}

}  // namespace test
