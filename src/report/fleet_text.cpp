// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/text.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace report {

namespace {

constexpr std::size_t k_name_columns = 36;

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

std::string label(const ClientFigures& figures) {
    if (figures.client_id.empty()) {
        return "(unknown client)";
    }
    const std::string& text = figures.name.empty() ? figures.client_id : figures.name;
    return shortened(util::escape_controls(text));
}

}  // namespace

std::string fleet_text(const Fleet& fleet, const RenderOptions& options) {
    TextTable table({"client", "live", "expired", "never expiring", "share"});
    const std::size_t shown = std::min(fleet.clients.size(), options.top);
    for (std::size_t i = 0; i < shown; ++i) {
        const ClientFigures& figures = fleet.clients[i];
        table.add({label(figures), grouped(figures.access.live), grouped(figures.access.expired),
                   grouped(figures.access.never_expiring),
                   fmt::format("{:.1f} %", 100 * figures.share)});
    }
    std::string text = head_text(fleet.head);
    text += labelled("now", whole_seconds(fleet.now) + " " + fleet.head.time_zone);
    text += fmt::format("\n{} access tokens\n\n", grouped(fleet.totals.access.total()));
    text += table.text({});
    if (shown < fleet.clients.size()) {
        text += fmt::format("and {} clients with fewer\n", fleet.clients.size() - shown);
    }
    return text;
}

}  // namespace report
