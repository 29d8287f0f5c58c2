// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/forecast.hpp"
#include "report/text.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace report {

namespace {

constexpr std::size_t k_name_columns = 28;
constexpr std::size_t k_indent = 4;

// Escape sequences of a terminal, or nothing.
struct Style {
    std::string_view alarm{};
    std::string_view strong{};
    std::string_view plain{};
};

Style style(bool color) {
    return color ? Style{.alarm = "\x1b[31m", .strong = "\x1b[1m", .plain = "\x1b[0m"} : Style{};
}

std::string shortened(const std::string& text) {
    if (text.size() <= k_name_columns) {
        return text;
    }
    std::size_t end = k_name_columns - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end) + "...";
}

std::string label(const ClientFigures& client) {
    if (client.client_id.empty()) {
        return "(unknown client)";
    }
    const std::string& text = client.name.empty() ? client.client_id : client.name;
    return shortened(util::escape_controls(text));
}

std::string size(std::int64_t bytes) {
    constexpr double mega = 1e6;
    constexpr double giga = 1e9;
    const auto number = static_cast<double>(bytes);
    return number >= giga ? fmt::format("{:.1f} GB", number / giga)
                          : fmt::format("{:.1f} MB", number / mega);
}

// Few columns for any number: "0.69", "98.3", "59,000", "2.47e+09".
std::string number(double value) {
    constexpr double digits = 1000;
    constexpr double large = 1e6;
    return value == 0 || value < digits || value >= large ? fmt::format("{:.3g}", value)
                                                          : grouped(std::llround(value));
}

std::string summary(const Fleet& fleet) {
    const FleetTotals& totals = fleet.totals;
    std::string text = "\n";
    text += wrapped(
        fmt::format("{} access tokens: {} live, {} expired, {} never expiring, {} registrations",
                    grouped(totals.access.total() + totals.registration),
                    grouped(totals.access.live), grouped(totals.access.expired),
                    grouped(totals.access.never_expiring), grouped(totals.registration)),
        0);
    text +=
        wrapped(fmt::format("{} refresh tokens: {} live, {} expired, {} never expiring; {} in all",
                            grouped(totals.refresh.total()), grouped(totals.refresh.live),
                            grouped(totals.refresh.expired), grouped(totals.refresh.never_expiring),
                            size(totals.bytes)),
                0);
    if (fleet.last_run) {
        text += wrapped(
            fmt::format("{} access tokens were removed by the run of {} ({})",
                        grouped(fleet.last_run->removed), util::format_time(fleet.last_run->at),
                        util::escape_controls(fleet.last_run->stop_reason)),
            0);
    }
    return text;
}

std::string joined(const std::vector<std::string>& texts) {
    std::vector<std::string> shown;
    shown.reserve(texts.size());
    for (const std::string& text : texts) {
        shown.push_back(util::escape_controls(text));
    }
    return fmt::format("{}", fmt::join(shown, ", "));
}

std::string whom_to_write_to(const ClientFigures& client) {
    std::string text = fmt::format("client_id {}", util::escape_controls(client.client_id));
    text += client.owners.empty() ? "" : ", owner " + joined(client.owners);
    text += client.contacts.empty() ? "" : ", contacts " + joined(client.contacts);
    return text;
}

std::string flagged_text(const ClientFigures& client, const Style& look) {
    std::string text = fmt::format("\n  {}{}{}\n", look.strong, label(client), look.plain);
    if (client.id) {
        text += wrapped(whom_to_write_to(client), k_indent);
    }
    for (const Flag& flag : client.flags) {
        const std::string line = wrapped(
            fmt::format("{}: {}. {}", name(flag.name), flag.sentence, flag.advice), k_indent);
        const std::size_t end = k_indent + name(flag.name).size();
        text +=
            fmt::format("{}{}{}{}", look.alarm, line.substr(0, end), look.plain, line.substr(end));
    }
    return text;
}

// Beyond the first `top` they are in the table only.
std::string flagged_texts(const Fleet& fleet, const RenderOptions& options) {
    if (fleet.totals.flagged == 0) {
        return "\nno client is flagged\n";
    }
    const Style look = style(options.color);
    std::string text = fmt::format("\n{}{} of {} clients {} flagged{}\n", look.alarm,
                                   grouped(fleet.totals.flagged), grouped(fleet.totals.clients),
                                   fleet.totals.flagged == 1 ? "is" : "are", look.plain);
    const auto flagged = static_cast<std::size_t>(fleet.totals.flagged);
    const std::size_t shown = std::min({flagged, options.top, fleet.clients.size()});
    for (std::size_t i = 0; i < shown; ++i) {
        text += flagged_text(fleet.clients[i], look);
    }
    return shown < flagged ? text + fmt::format("\n  and {} more\n", flagged - shown) : text;
}

std::string table_text(const Fleet& fleet, const RenderOptions& options) {
    TextTable table({"client", "live", "expired", "share", "users", "at once", "per s", "peak"});
    const std::size_t shown = std::min(fleet.clients.size(), options.top);
    for (std::size_t i = 0; i < shown; ++i) {
        const ClientFigures& client = fleet.clients[i];
        table.add({(client.flagged() ? "! " : "  ") + label(client), grouped(client.access.live),
                   grouped(client.access.expired), fmt::format("{:.1f} %", 100 * client.share),
                   grouped(client.users), number(client.tokens_per_lifetime),
                   number(client.rates.now), number(client.rates.peak)});
    }
    std::string text = "\n" + table.text({});
    if (shown < fleet.clients.size()) {
        text += fmt::format("and {} clients more\n", fleet.clients.size() - shown);
    }
    return text;
}

std::string forecast_text(const Forecast& forecast) {
    std::string text = "\nforecast\n";
    for (const std::string& sentence : forecast.sentences) {
        text += wrapped(sentence, 2);
    }
    return text;
}

}  // namespace

std::string fleet_text(const Fleet& fleet, const RenderOptions& options) {
    std::string text = head_text(fleet.head);
    text += labelled("now", whole_seconds(fleet.now) + " " + fleet.head.time_zone);
    for (const std::string& warning : fleet.warnings) {
        text += labelled("warning", util::escape_controls(warning));
    }
    if (!fleet.complete) {
        text += labelled("warning", "stopped before the end: the figures are of what was read");
    }
    text += summary(fleet) + flagged_texts(fleet, options) + table_text(fleet, options);
    return text + forecast_text(fleet.forecast);
}

}  // namespace report
