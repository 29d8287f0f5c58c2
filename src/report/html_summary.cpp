// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/html.hpp"
#include "report/text.hpp"
#include "report/units.hpp"

#include <fmt/format.h>

#include <cmath>

namespace report::html {

namespace {

constexpr std::size_t k_cards = 100;
// The others are folded away, so that the charts are not far below.
constexpr std::size_t k_first_cards = 5;

std::string per_day(double tokens) {
    return grouped(std::llround(tokens));
}

std::string listed(const std::vector<std::string>& words) {
    return fmt::to_string(fmt::join(words, ", "));
}

std::string if_any(const char* label, std::int64_t count) {
    return count == 0 ? "" : figure(label, grouped(count));
}

// Longer words, over two columns.
std::string if_known(const char* label, const std::string& words) {
    return words.empty() ? ""
                         : fmt::format("<div class=\"words\"><dt>{}</dt><dd>{}</dd></div>\n", label,
                                       in_html(words));
}

std::string moment(const std::optional<util::TimePoint>& time) {
    return time ? util::format_time(std::chrono::floor<std::chrono::seconds>(*time)) : "";
}

std::string card_rates(const ClientFigures& client) {
    if (client.rates.peak == 0) {
        return {};
    }
    return figure("a second, now", readable_rate(client.rates.now)) +
           figure("a second, last hour", readable_rate(client.rates.last_hour)) +
           figure("a second, at the peak", readable_rate(client.rates.peak));
}

std::string card_figures(const ClientFigures& client) {
    std::string text = figure("access tokens", grouped(client.total()));
    text += figure("share", readable_share(client.share));
    text += if_any("live", client.access.live);
    text += if_any("expired", client.access.expired);
    text += if_any("never expire", client.access.never_expiring);
    text += if_any("refresh tokens", client.refresh.total());
    text += card_rates(client);
    text += if_any("users", client.users);
    if (client.lifetime) {
        text += figure("lifetime", readable_duration(*client.lifetime));
    }
    if (client.tokens_per_lifetime > 0) {
        text += figure("good at the same time", readable_rate(client.tokens_per_lifetime));
    }
    if (client.bytes > 0) {
        text += figure("estimated size", readable_bytes(client.bytes));
    }
    text += if_known("peak at", moment(client.rates.peak_at));
    text += if_known("owner", listed(client.owners));
    text += if_known("contacts", listed(client.contacts));
    text += if_known("grant types", listed(client.grant_types));
    text += if_known("created", moment(client.created));
    text += if_known("last used", moment(client.last_used));
    return text;
}

std::string card(const ClientFigures& client) {
    std::string text =
        fmt::format("<article class=\"client\">\n<h3>{}</h3>\n", in_html(title(client)));
    if (!client.client_id.empty()) {
        text += fmt::format("<p class=\"quiet\"><code>{}</code></p>\n", in_html(client.client_id));
    }
    text += "<ul>\n";
    for (const Flag& flag : client.flags) {
        text += fmt::format("<li><span class=\"flag\">{}</span> {}. {}</li>\n", name(flag.name),
                            in_html(flag.sentence), in_html(flag.advice));
    }
    return text + "</ul>\n<dl class=\"figures\">\n" + card_figures(client) + "</dl>\n</article>\n";
}

}  // namespace

std::string title(const ClientFigures& client) {
    if (!client.name.empty()) {
        return client.name;
    }
    return client.client_id.empty() ? "unknown client" : client.client_id;
}

std::string figure(const std::string& label, const std::string& value, bool alarm) {
    return fmt::format("<div{}><dt>{}</dt><dd>{}</dd></div>\n", alarm ? " class=\"alarm\"" : "",
                       in_html(label), in_html(value));
}

std::string summary(const Fleet& fleet) {
    const FleetTotals& totals = fleet.totals;
    std::string text = "<section>\n<h2>Summary</h2>\n<dl class=\"figures\">\n";
    text += figure("flagged clients", grouped(totals.flagged), totals.flagged > 0);
    text += figure("clients", grouped(totals.clients));
    text += figure("access tokens", grouped(totals.access.total()));
    text += figure("live", grouped(totals.access.live));
    text += figure("expired", grouped(totals.access.expired));
    text += figure("never expire", grouped(totals.access.never_expiring));
    text += figure("registration tokens", grouped(totals.registration));
    text += figure("refresh tokens", grouped(totals.refresh.total()));
    text += figure("backlog", grouped(totals.left));
    text += figure("size with all that hangs on it", readable_bytes(totals.bytes));
    text += figure("issued a day", per_day(fleet.forecast.inflow_per_day));
    if (fleet.last_run) {
        text += figure("removed by the last run", grouped(fleet.last_run->removed));
    }
    return text + "</dl>\n</section>\n";
}

std::string flagged(const Fleet& fleet) {
    std::string first;
    std::string more;
    std::size_t shown = 0;
    std::size_t left = 0;
    for (const ClientFigures& client : fleet.clients) {
        if (!client.flagged()) {
            continue;
        }
        if (shown == k_cards) {
            ++left;
            continue;
        }
        (shown < k_first_cards ? first : more) += card(client);
        ++shown;
    }
    std::string text = "<section>\n<h2>Flagged clients</h2>\n";
    text += shown == 0 ? "<p>No client tripped a flag.</p>\n" : first;
    if (!more.empty()) {
        text += fmt::format("<details><summary>{} more</summary>\n{}</details>\n",
                            shown - k_first_cards, more);
    }
    if (left > 0) {
        text += fmt::format("<p>And {} more, in the table below.</p>\n", left);
    }
    return text + "</section>\n";
}

std::string forecast(const Forecast& forecast) {
    std::string text = "<section>\n<h2>Forecast</h2>\n";
    for (const std::string& sentence : forecast.sentences) {
        text += fmt::format("<p>{}</p>\n", in_html(sentence));
    }
    text += "<dl class=\"figures\">\n";
    text += figure("issued a day", per_day(forecast.inflow_per_day));
    if (forecast.outflow_per_day) {
        text += figure("removed a day", per_day(*forecast.outflow_per_day));
    }
    if (forecast.backlog_per_day) {
        text += figure("growth of the backlog a day", per_day(*forecast.backlog_per_day),
                       *forecast.backlog_per_day > 0);
    }
    text += figure("the server's own clean-up a day", per_day(forecast.server_capacity_per_day));
    text += figure("tokens at this rate, in the end", per_day(forecast.steady_tokens));
    text += figure("size at this rate, in the end",
                   readable_bytes(std::llround(forecast.steady_bytes)));
    text += figure("time for the backlog", readable_duration(forecast.backlog_time));
    if (forecast.window) {
        text += figure("time a run has", readable_duration(*forecast.window),
                       forecast.backlog_time > *forecast.window);
    }
    if (forecast.until_rows) {
        text += figure("until the limit of rows", readable_duration(*forecast.until_rows), true);
    }
    if (forecast.until_bytes) {
        text += figure("until the limit of bytes", readable_duration(*forecast.until_bytes), true);
    }
    return text + "</dl>\n</section>\n";
}

}  // namespace report::html
