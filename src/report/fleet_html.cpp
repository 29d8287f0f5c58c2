// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"
#include "report/fleet_formats.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

#include <fmt/format.h>

namespace report {

namespace {

// Nothing is fetched and nothing runs but what the program itself brought: were a name of a client
// ever not escaped, it could still not do anything.
std::string policy() {
    return fmt::format(
        "default-src 'none'; script-src '{}' '{}'; style-src '{}'; base-uri 'none'; "
        "form-action 'none'",
        page::charts_hash, page::script_hash, page::style_hash);
}

std::string head(const Fleet& fleet) {
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"robots\" content=\"noindex\">\n"
        "<title>Tokens per client: {}</title>\n<style>{}</style>\n</head>\n",
        policy(), in_html(fleet.head.database), page::style);
}

std::string header(const Fleet& fleet) {
    std::string text = fmt::format(
        "<header>\n<h1>Tokens per client</h1>\n<p class=\"quiet\">{} &middot; {}, schema {} "
        "&middot; {} {}</p>\n",
        in_html(fleet.head.database_url), in_html(fleet.head.server), in_html(fleet.head.level),
        util::format_time(std::chrono::floor<std::chrono::seconds>(fleet.now)),
        in_html(fleet.head.time_zone));
    if (!fleet.complete) {
        text +=
            "<p class=\"warning\">Reading was stopped early: the figures are of what had been "
            "read.</p>\n";
    }
    for (const std::string& warning : fleet.warnings) {
        text += fmt::format("<p class=\"warning\">{}</p>\n", in_html(warning));
    }
    return text + "</header>\n";
}

std::string chart(const char* id, const char* caption, const char* description) {
    return fmt::format(
        "<figure><figcaption>{}</figcaption><div class=\"canvas\"><canvas id=\"{}\" role=\"img\" "
        "aria-label=\"{}\"></canvas></div></figure>\n",
        caption, id, description);
}

// Shown by the script: without it the table and the forecast say the same in figures.
std::string charts() {
    return "<section class=\"charts\" id=\"charts\" hidden>\n" +
           chart("chart-tokens", "Access tokens per client",
                 "Bars: access tokens per client, live, expired and never expiring; the table of "
                 "clients has the figures") +
           chart("chart-rates", "Tokens issued, by hour",
                 "Lines: tokens issued per second in each hour of the last week, for the clients "
                 "that issued most") +
           chart("chart-forecast", "Tokens, backlog and forecast",
                 "Lines: access tokens and backlog, past and forecast; the chapter on the "
                 "forecast has the figures") +
           "</section>\n";
}

std::string footer(const Fleet& fleet) {
    return fmt::format(
        "<footer>iam-token-gc {}, read in {:.1f} s. Sizes and users are estimates; "
        "rates are of tokens that are still there.</footer>\n",
        in_html(fleet.head.version), static_cast<double>(fleet.elapsed.count()) / 1000.0);
}

}  // namespace

std::string fleet_html(const Fleet& fleet, const RenderOptions& options) {
    std::string text = head(fleet) + "<body>\n" + header(fleet) + "<main>\n" +
                       html::summary(fleet) + html::flagged(fleet) + charts() +
                       html::forecast(fleet.forecast) + html::clients(fleet) + "</main>\n" +
                       footer(fleet);
    text += fmt::format("<script type=\"application/json\" id=\"data\">{}</script>\n",
                        html::chart_data(fleet, options.top));
    text.append("<script>").append(page::charts).append("</script>\n<script>");
    text.append(page::script).append("</script>\n</body>\n</html>\n");
    return text;
}

}  // namespace report
