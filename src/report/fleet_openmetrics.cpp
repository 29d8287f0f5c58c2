// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/fleet_formats.hpp"
#include "report/metrics.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace report {

namespace {

constexpr std::array k_flags{
    FlagName::flood,           FlagName::share,          FlagName::burst,
    FlagName::hoarder,         FlagName::no_reuse,       FlagName::long_lived,
    FlagName::never_expires,   FlagName::refresh_pileup, FlagName::unknown_client,
    FlagName::inactive_client,
};

// A client with its own label value, or the sum of those that have none.
struct Row {
    std::string label{};
    ClientFigures figures{};
};

ClientFigures sum_of(std::span<const ClientFigures> clients) {
    ClientFigures sum;
    for (const ClientFigures& client : clients) {
        sum.access += client.access;
        sum.refresh += client.refresh;
        sum.bytes += client.bytes;
        sum.left += client.left;
        sum.rates.now += client.rates.now;
        sum.rates.last_hour += client.rates.last_hour;
        sum.rates.last_day += client.rates.last_day;
        sum.rates.last_week += client.rates.last_week;
    }
    return sum;
}

// The first `top` clients and "other". Two samples with the same labels would make the collector
// refuse the whole file, so a client that is called "other", or like another once its control
// characters are visible, is told apart by its key.
std::vector<Row> rows_of(const Fleet& fleet, std::size_t top) {
    const std::span<const ClientFigures> clients(fleet.clients);
    const std::size_t named = std::min(top, clients.size());
    std::set<std::string> used{"other", "unknown"};
    std::vector<Row> rows;
    for (const ClientFigures& client : clients.first(named)) {
        std::string label = util::escape_controls(client.client_id);
        if (!client.id && label.empty()) {
            label = "unknown";
        } else {
            while (!used.insert(label).second) {
                label += fmt::format(" #{}", client.id.value_or(0));
            }
        }
        rows.push_back({.label = std::move(label), .figures = client});
    }
    if (named < clients.size()) {
        rows.push_back({.label = "other", .figures = sum_of(clients.subspan(named))});
    }
    return rows;
}

void add_states(MetricsText& metrics, const TokenCounts& counts, const Row* row = nullptr) {
    const std::array<std::pair<std::string_view, std::int64_t>, 3> states{
        {{"live", counts.live},
         {"expired", counts.expired},
         {"never_expiring", counts.never_expiring}}};
    for (const auto& [state, tokens] : states) {
        if (row == nullptr) {
            metrics.sample(tokens, {{"state", state}});
        } else {
            metrics.sample(tokens, {{"client_id", row->label}, {"state", state}});
        }
    }
}

void add_totals(MetricsText& metrics, const Fleet& fleet) {
    metrics.family("access_tokens", "Access tokens without registration tokens, by state.");
    add_states(metrics, fleet.totals.access);
    metrics.family("refresh_tokens", "Refresh tokens, by state.");
    add_states(metrics, fleet.totals.refresh);
    metrics.family("registration_tokens", "Registration and resource tokens.");
    metrics.sample(fleet.totals.registration);
    metrics.family("table_bytes", "Bytes of the token tables and of what hangs on them.");
    metrics.sample(fleet.totals.bytes);
    metrics.family("backlog_tokens", "Access tokens that expired longer than the grace ago.");
    metrics.sample(fleet.totals.left);
    metrics.family("clients", "Clients in the report.");
    metrics.sample(fleet.totals.clients);
    metrics.family("flagged_clients", "Clients that tripped this flag.");
    for (const FlagName flag : k_flags) {
        const auto flagged = std::count_if(
            fleet.clients.begin(), fleet.clients.end(), [=](const ClientFigures& client) {
                return std::any_of(client.flags.begin(), client.flags.end(),
                                   [=](const Flag& one) { return one.name == flag; });
            });
        metrics.sample(std::int64_t{flagged}, {{"flag", name(flag)}});
    }
    metrics.family("report_complete", "1 when the whole table was read, 0 when that was stopped.");
    metrics.sample(std::int64_t{fleet.complete ? 1 : 0});
    metrics.family("report_duration_seconds", "How long it took to read the tables.");
    metrics.sample(static_cast<double>(fleet.elapsed.count()) / 1000.0);
}

template <typename Number>
void add_if_known(MetricsText& metrics, const std::optional<Number>& value) {
    if (value) {
        metrics.sample(*value);
    }
}

std::optional<std::int64_t> known_seconds(const std::optional<std::chrono::seconds>& time) {
    return time ? std::optional<std::int64_t>(time->count()) : std::nullopt;
}

void add_forecast(MetricsText& metrics, const Forecast& forecast) {
    metrics.family("inflow_tokens_per_day", "Access tokens that are issued in a day.");
    metrics.sample(forecast.inflow_per_day);
    metrics.family("outflow_tokens_per_day", "Access tokens that go in a day.");
    add_if_known(metrics, forecast.outflow_per_day);
    metrics.family("backlog_growth_tokens_per_day", "By how much the backlog grows in a day.");
    add_if_known(metrics, forecast.backlog_per_day);
    metrics.family("steady_tokens", "Access tokens there will be at this rate of issue.");
    metrics.sample(forecast.steady_tokens);
    metrics.family("steady_bytes", "Bytes there will be at this rate of issue.");
    metrics.sample(forecast.steady_bytes);
    metrics.family("until_limit_rows_seconds", "Time until report.limit_rows at this growth.");
    add_if_known(metrics, known_seconds(forecast.until_rows));
    metrics.family("until_limit_bytes_seconds", "Time until report.limit_bytes at this growth.");
    add_if_known(metrics, known_seconds(forecast.until_bytes));
    metrics.family("backlog_seconds", "Time that the backlog takes at this throttle.");
    metrics.sample(std::int64_t{forecast.backlog_time.count()});
    metrics.family("window_seconds", "Time that a run has for it.");
    add_if_known(metrics, known_seconds(forecast.window));
    metrics.family("server_cleanup_tokens_per_day", "What the server's own clean-up can remove.");
    metrics.sample(forecast.server_capacity_per_day);
}

void add_rates(MetricsText& metrics, const std::vector<Row>& rows) {
    metrics.family("client_issue_rate", "Access tokens issued per second, over that time.");
    for (const Row& row : rows) {
        const IssueRates& rates = row.figures.rates;
        const std::array<std::pair<std::string_view, double>, 4> periods{{{"10m", rates.now},
                                                                          {"1h", rates.last_hour},
                                                                          {"1d", rates.last_day},
                                                                          {"7d", rates.last_week}}};
        for (const auto& [period, rate] : periods) {
            metrics.sample(rate, {{"client_id", row.label}, {"over", period}});
        }
    }
}

void add_clients(MetricsText& metrics, const std::vector<Row>& rows) {
    metrics.family("client_access_tokens", "Access tokens of a client, by state.");
    for (const Row& row : rows) {
        add_states(metrics, row.figures.access, &row);
    }
    metrics.family("client_refresh_tokens", "Refresh tokens of a client, by state.");
    for (const Row& row : rows) {
        add_states(metrics, row.figures.refresh, &row);
    }
    metrics.family("client_bytes", "Estimated bytes of the tokens of a client.");
    for (const Row& row : rows) {
        metrics.sample(row.figures.bytes, {{"client_id", row.label}});
    }
    metrics.family("client_backlog_tokens", "Part of a client in backlog_tokens.");
    for (const Row& row : rows) {
        metrics.sample(row.figures.left, {{"client_id", row.label}});
    }
    add_rates(metrics, rows);
    metrics.family("client_flag", "The client tripped this flag; always 1.");
    for (const Row& row : rows) {
        for (const Flag& flag : row.figures.flags) {
            metrics.sample(std::int64_t{1}, {{"client_id", row.label}, {"flag", name(flag.name)}});
        }
    }
    metrics.family("client_info", "The name of a client; always 1.");
    for (const Row& row : rows) {
        metrics.sample(std::int64_t{1}, {{"client_id", row.label}, {"name", row.figures.name}});
    }
}

}  // namespace

std::string fleet_openmetrics(const Fleet& fleet, const RenderOptions& options) {
    MetricsText metrics;
    add_totals(metrics, fleet);
    add_forecast(metrics, fleet.forecast);
    add_clients(metrics, rows_of(fleet, options.top));
    return metrics.text();
}

}  // namespace report
