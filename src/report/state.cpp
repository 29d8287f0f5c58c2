// SPDX-License-Identifier: Apache-2.0
#include "report/state.hpp"

#include "report/kept.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"
#include "util/kept_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace report {

namespace {

constexpr int k_version = 1;
constexpr std::size_t k_points = 200;
constexpr std::size_t k_clients = 1000;
constexpr std::uintmax_t k_largest_file = std::uintmax_t{1} << 20U;

Json point_json(const HistoryPoint& point) {
    return {{"at", util::format_time(point.at)},
            {"tokens", point.tokens},
            {"backlog", point.backlog},
            {"bytes", point.bytes}};
}

// No database has more of anything, and the forecast can still add such figures up.
constexpr std::int64_t k_largest_figure = 1'000'000'000'000'000;

std::int64_t figure(const Json& json, const char* name) {
    const auto value = json.at(name).get<std::int64_t>();
    if (value < 0 || value > k_largest_figure) {
        throw util::Error(util::ErrorKind::data, fmt::format("{} is out of range", name));
    }
    return value;
}

double rate(const Json& json, const char* name) {
    const auto value = json.at(name).get<double>();
    if (!(value >= 0 && value <= static_cast<double>(k_largest_figure))) {
        throw util::Error(util::ErrorKind::data, fmt::format("{} is out of range", name));
    }
    return value;
}

HistoryPoint point_of(const Json& json) {
    return {.at = util::parse_time(json.at("at").get<std::string>()),
            .tokens = figure(json, "tokens"),
            .backlog = figure(json, "backlog"),
            .bytes = figure(json, "bytes")};
}

// Those of whom most was removed.
Json removed_json(const std::map<gc::Id, std::int64_t>& removed) {
    std::vector<std::pair<gc::Id, std::int64_t>> most(removed.begin(), removed.end());
    std::ranges::stable_sort(most, [](auto a, auto b) { return a.second > b.second; });
    most.resize(std::min(most.size(), k_clients));
    Json json = Json::array();
    for (const auto& [client, tokens] : most) {
        json.push_back({client, tokens});
    }
    return json;
}

State state_of(const Json& json) {
    State state{.database = json.at("database").get<std::string>()};
    for (const Json& point : json.at("points")) {
        state.points.push_back(point_of(point));
    }
    if (json.contains("last_run")) {
        const Json& run = json.at("last_run");
        state.last_run = LastRun{.at = util::parse_time(run.at("at").get<std::string>()),
                                 .removed = figure(run, "removed"),
                                 .tokens_per_second = rate(run, "tokens_per_second"),
                                 .stop_reason = run.at("stop_reason").get<std::string>()};
        for (const Json& client : run.at("clients")) {
            state.removed[client.at(0).get<gc::Id>()] = client.at(1).get<std::int64_t>();
        }
    }
    return state;
}

}  // namespace

std::string state_text(const State& state) {
    Json json{{"version", k_version}, {"database", state.database}, {"points", Json::array()}};
    for (const HistoryPoint& point : state.points) {
        json["points"].push_back(point_json(point));
    }
    if (state.last_run) {
        json["last_run"] = {{"at", util::format_time(state.last_run->at)},
                            {"removed", state.last_run->removed},
                            {"tokens_per_second", state.last_run->tokens_per_second},
                            {"stop_reason", state.last_run->stop_reason},
                            {"clients", removed_json(state.removed)}};
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<State> parse_state(std::string_view text) {
    return parse_kept(text, k_version, [](const Json& json) {
        if (json.at("points").size() > k_points) {
            throw util::Error(util::ErrorKind::data, "it has too many points");
        }
        return state_of(json);
    });
}

LoadedState load_state(const std::string& path, const std::string& database) {
    auto [state, why] = load_kept(path, k_largest_file, database, parse_state);
    if (state) {
        return {.state = std::move(*state)};
    }
    return {.state = {.database = database},
            .warning = why.empty() ? std::string{}
                                   : fmt::format("the history in {} (state.file) {}, so it starts "
                                                 "anew",
                                                 util::escape_controls(path), why)};
}

void save_state(const std::string& path, const State& state) {
    try {
        util::keep(path, state_text(state));
    } catch (const util::Error& error) {
        throw util::Error(
            util::ErrorKind::io,
            fmt::format("the history {} (state.file) cannot be written ({}); the next "
                        "forecast goes without",
                        util::escape_controls(path), error.what()));
    }
}

void add_point(State& state, const HistoryPoint& point) {
    std::vector<HistoryPoint>& points = state.points;
    // A clock that was set back makes what lies behind it worthless.
    std::erase_if(points, [&](const HistoryPoint& old) {
        return old.at > point.at - std::chrono::minutes{1};
    });
    points.push_back(point);
    if (points.size() > k_points) {
        std::size_t index = 0;
        std::erase_if(points, [&](const HistoryPoint&) {
            const std::size_t at = index++;
            return at < k_points / 2 && at % 2 == 1;
        });
    }
}

}  // namespace report
