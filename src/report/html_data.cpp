// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "util/escape.hpp"

#include <algorithm>

namespace report::html {

namespace {

// What still has room on a phone.
constexpr std::size_t k_bars = 12;
constexpr std::size_t k_lines = 6;

std::int64_t seconds(util::TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string label(const ClientFigures& client) {
    return util::escape_controls(title(client));
}

// The sum of the clients that have no bar of their own.
TokenCounts others(const Fleet& fleet, std::size_t named) {
    TokenCounts sum;
    for (std::size_t i = named; i < fleet.clients.size(); ++i) {
        sum.live += fleet.clients[i].access.live;
        sum.expired += fleet.clients[i].access.expired;
        sum.never_expiring += fleet.clients[i].access.never_expiring;
    }
    return sum;
}

Json tokens(const Fleet& fleet, std::size_t top) {
    Json json = {{"labels", Json::array()},
                 {"live", Json::array()},
                 {"expired", Json::array()},
                 {"never_expiring", Json::array()}};
    const auto add = [&](const std::string& name, const TokenCounts& counts) {
        json["labels"].push_back(name);
        json["live"].push_back(counts.live);
        json["expired"].push_back(counts.expired);
        json["never_expiring"].push_back(counts.never_expiring);
    };
    const std::size_t named = std::min({fleet.clients.size(), top, k_bars});
    for (std::size_t i = 0; i < named; ++i) {
        add(label(fleet.clients[i]), fleet.clients[i].access);
    }
    if (named < fleet.clients.size()) {
        add("other", others(fleet, named));
    }
    return json;
}

Json line(const std::string& name, const std::vector<IssueBucket>& history) {
    Json issued = Json::array();
    for (const IssueBucket& bucket : history) {
        issued.push_back(bucket.issued);
    }
    return {{"name", name}, {"issued", issued}};
}

std::int64_t issued(const ClientFigures& client) {
    std::int64_t sum = 0;
    for (const IssueBucket& bucket : client.history) {
        sum += bucket.issued;
    }
    return sum;
}

// Those that issued most in the time shown, and all together.
Json rates(const Fleet& fleet) {
    std::vector<const ClientFigures*> busiest;
    for (const ClientFigures& client : fleet.clients) {
        if (issued(client) > 0) {
            busiest.push_back(&client);
        }
    }
    std::stable_sort(busiest.begin(), busiest.end(),
                     [](const auto* a, const auto* b) { return issued(*a) > issued(*b); });
    busiest.resize(std::min(busiest.size(), k_lines));
    Json json = {{"start", 0}, {"series", Json::array()}};
    for (const ClientFigures* client : busiest) {
        json["series"].push_back(line(label(*client), client->history));
    }
    const std::vector<IssueBucket>& all = fleet.totals.history;
    if (!all.empty()) {
        json["start"] = seconds(all.front().start);
        json["series"].push_back(line("all clients", all));
    }
    return json;
}

Json points(const std::vector<HistoryPoint>& list) {
    Json json = Json::array();
    for (const HistoryPoint& point : list) {
        json.push_back(
            {{"at", seconds(point.at)}, {"tokens", point.tokens}, {"backlog", point.backlog}});
    }
    return json;
}

}  // namespace

std::string chart_data(const Fleet& fleet, std::size_t top) {
    const Json json = {{"tokens", tokens(fleet, top)},
                       {"rates", rates(fleet)},
                       {"forecast",
                        {{"past", points(fleet.forecast.past)},
                         {"future", points(fleet.forecast.future)},
                         {"limit", fleet.forecast.limit_rows}}}};
    return json_in_html(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace report::html
