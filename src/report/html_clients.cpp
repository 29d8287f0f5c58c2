// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/html.hpp"
#include "report/text.hpp"
#include "report/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace report::html {

namespace {

constexpr std::size_t k_rows = 2000;

// A cell that sorts by the number and shows the text.
template <typename Number>
std::string cell(Number value, const std::string& shown, const char* css_class = "") {
    const std::string attribute = *css_class == '\0' ? "" : fmt::format(" class=\"{}\"", css_class);
    return fmt::format("<td{} data-value=\"{}\">{}</td>", attribute, value, in_html(shown));
}

std::string flag_names(const ClientFigures& client) {
    std::vector<std::string_view> names;
    for (const Flag& flag : client.flags) {
        names.push_back(name(flag.name));
    }
    return fmt::to_string(fmt::join(names, " "));
}

std::string flag_cell(const ClientFigures& client) {
    std::string text;
    for (const Flag& flag : client.flags) {
        text += fmt::format("{}<span class=\"flag\">{}</span>", text.empty() ? "" : " ",
                            name(flag.name));
    }
    return fmt::format("<td class=\"words\">{}</td>", text);
}

std::string row(const ClientFigures& client) {
    std::string text =
        fmt::format("<tr data-flags=\"{}\"><td>{}", flag_names(client), in_html(title(client)));
    if (!client.client_id.empty() && !client.name.empty()) {
        text += fmt::format("<br><code class=\"quiet\">{}</code>", in_html(client.client_id));
    }
    text += "</td>" + flag_cell(client);
    text += cell(client.total(), grouped(client.total()));
    text += fmt::format(
        "<td class=\"wide\" data-value=\"{0}\"><meter min=\"0\" max=\"1\" "
        "value=\"{0}\"></meter> {1}</td>",
        client.share, in_html(readable_share(client.share)));
    text += cell(client.access.live, grouped(client.access.live));
    text += cell(client.access.expired, grouped(client.access.expired), "wide");
    text += cell(client.access.never_expiring, grouped(client.access.never_expiring), "wide");
    text += cell(client.refresh.total(), grouped(client.refresh.total()), "wide");
    text += cell(client.rates.last_hour, readable_rate(client.rates.last_hour));
    text += cell(client.rates.peak, readable_rate(client.rates.peak), "wide");
    text += cell(client.users, grouped(client.users), "wide");
    const std::int64_t lifetime = client.lifetime ? client.lifetime->count() : -1;
    text += cell(lifetime, client.lifetime ? readable_duration(*client.lifetime) : "", "wide");
    return text + "</tr>\n";
}

constexpr std::string_view k_head =
    "<thead><tr><th class=\"words\">client</th><th class=\"words\">flags</th>"
    "<th>access tokens</th><th class=\"wide\">share</th><th>live</th>"
    "<th class=\"wide\">expired</th><th class=\"wide\">never expire</th>"
    "<th class=\"wide\">refresh tokens</th><th>a second, last hour</th>"
    "<th class=\"wide\">a second, at the peak</th><th class=\"wide\">users</th>"
    "<th class=\"wide\">lifetime</th></tr></thead>\n";

std::string filter(const Fleet& fleet) {
    std::set<std::string_view> flags;
    for (const ClientFigures& client : fleet.clients) {
        for (const Flag& flag : client.flags) {
            flags.insert(name(flag.name));
        }
    }
    std::string text =
        "<div class=\"filter\" id=\"filter\" hidden>\n"
        "<input type=\"search\" id=\"search\" placeholder=\"name or client_id\" "
        "aria-label=\"Show clients whose row holds this\" autocomplete=\"off\">\n"
        "<label>flag <select id=\"flag\"><option value=\"\">all clients</option>"
        "<option value=\"any\">any flag</option>";
    for (const std::string_view flag : flags) {
        text += fmt::format("<option>{}</option>", flag);
    }
    return text +
           "</select></label>\n<span class=\"quiet\" id=\"count\" role=\"status\"></span>\n"
           "</div>\n";
}

}  // namespace

std::string clients(const Fleet& fleet) {
    std::string text = "<section>\n<h2>Clients</h2>\n" + filter(fleet);
    text += "<div class=\"scroll\"><table id=\"clients\">\n";
    text += k_head;
    text += "<tbody>\n";
    const std::size_t shown = std::min(fleet.clients.size(), k_rows);
    for (std::size_t i = 0; i < shown; ++i) {
        text += row(fleet.clients[i]);
    }
    text += "</tbody></table></div>\n";
    if (shown < fleet.clients.size()) {
        text += fmt::format("<p>And {} clients with fewer tokens; CSV and JSON have all.</p>\n",
                            grouped(static_cast<std::int64_t>(fleet.clients.size() - shown)));
    }
    return text + "</section>\n";
}

}  // namespace report::html
