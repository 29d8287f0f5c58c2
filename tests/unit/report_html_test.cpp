// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/html.hpp"
#include "report/page.hpp"
#include "unit/fake_fleet.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <regex>

using nlohmann::json;
using test::has;

namespace {

std::string whole(const report::Fleet& fleet) {
    return report::fleet_html(fleet, {});
}

// The page without what the program brings itself: what comes from the fleet, and the frame.
std::string written(const report::Fleet& fleet) {
    std::string text = whole(fleet);
    for (const std::string_view asset :
         {report::page::style, report::page::charts, report::page::script}) {
        const auto at = text.find(asset);
        REQUIRE(at != std::string::npos);
        text.erase(at, asset.size());
    }
    return text;
}

std::ptrdiff_t count(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    return std::distance(std::sregex_iterator(text.begin(), text.end(), expression), {});
}

std::string embedded(const std::string& text) {
    const std::string start = "<script type=\"application/json\" id=\"data\">";
    const auto from = text.find(start) + start.size();
    return text.substr(from, text.find("</script>", from) - from);
}

// A fleet in which every text is an attack.
report::Fleet hostile_fleet(const std::string& text) {
    report::Fleet fleet = test::fleet();
    for (report::ClientFigures& client : fleet.clients) {
        client.name = client.client_id = text;
        client.contacts = client.owners = client.grant_types = {text, text};
        for (report::Flag& flag : client.flags) {
            flag.sentence = flag.advice = text;
        }
    }
    fleet.head.database = fleet.head.database_url = fleet.head.server = fleet.head.level = text;
    fleet.warnings = fleet.forecast.sentences = {text};
    return fleet;
}

}  // namespace

TEST_CASE("the page names each flagged client, its flags, the reason and the advice") {
    const std::string text = written(test::fleet());
    CHECK(has(text, "<h3>stress test</h3>"));
    CHECK(has(text,
              "<span class=\"flag\">flood</span> issues 98.3 tokens a second, more than 10. "
              "Ask its owner to reuse a token while it is good."));
    CHECK(count(text, "<article class=\"client\">") == 2);
    CHECK(has(text, "<h3>unknown client</h3>"));
}

TEST_CASE("with many flagged clients the page folds away those after the first") {
    report::Fleet fleet = test::fleet();
    CHECK_FALSE(has(written(fleet), "<details>"));
    for (gc::Id id = 100; id < 110; ++id) {
        fleet.clients.push_back(test::fleet_client(id, "small", 1));
        fleet.clients.back().flags = {{.name = report::FlagName::share}};
    }
    const std::string text = written(fleet);
    CHECK(has(text, "<details><summary>7 more</summary>"));
    CHECK(count(text.substr(0, text.find("<details>")), "<article class=\"client\">") == 5);
    CHECK(count(text, "<article class=\"client\">") == 12);
}

TEST_CASE("the page has a row for every client, which sorts by plain numbers") {
    const std::string text = written(test::fleet());
    CHECK(count(text, "<tr data-flags=") == 5);
    CHECK(has(text, "<td data-value=\"1050000\">1,050,000</td>"));
}

TEST_CASE("no text from the database becomes an element, an attribute or a script of the page") {
    const std::string calm = written(hostile_fleet("calm"));
    for (const std::string attack :
         {"<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--", "]]>",
          "\" onmouseover=\"alert(1)", "' onmouseover='alert(1)", "</title><img src=x>",
          "\\\"}]"}) {
        CAPTURE(attack);
        const std::string text = written(hostile_fleet(attack));
        CHECK(count(text, "<") == count(calm, "<"));
        CHECK(count(text, ">") == count(calm, ">"));
        const std::string markup = text.substr(0, text.find("<script type="));
        CHECK(count(markup, "['\"]alert|mouseover=['\"]") == 0);
        CHECK_FALSE(has(markup, attack));
        CHECK(json::accept(embedded(text)));
    }
}

TEST_CASE("the charts get the names as they are, and what has no bar of its own as other") {
    const json data = json::parse(report::html::chart_data(test::fleet(), 4));
    CHECK(data.at("tokens").at("labels") == json{"stress test", "unknown client", "Grid portal",
                                                 "<script>alert(1)</script>", "other"});
    CHECK(data.at("tokens").at("live") == json{1'000'000, 0, 300'000, 3000, 2000});
}

TEST_CASE("the chart of rates shows the clients that issued most, and all together") {
    const json rates = json::parse(report::html::chart_data(test::fleet(), 20)).at("rates");
    REQUIRE(rates.at("series").size() == 3);
    CHECK(rates.at("series")[0].at("name") == "stress test");
    CHECK(rates.at("series")[0].at("issued").size() == 168);
    CHECK(rates.at("series")[2].at("name") == "all clients");
    CHECK(rates.at("start") == 1'664'971'200);
}

TEST_CASE("the chart of the forecast has the past, the future and the limit") {
    const json forecast = json::parse(report::html::chart_data(test::fleet(), 20)).at("forecast");
    CHECK(forecast.at("past").size() == 7);
    CHECK(forecast.at("future").size() == 7);
    CHECK(forecast.at("limit") == 20'000'000);
}

TEST_CASE("the page fetches nothing") {
    const std::string text = written(test::fleet());
    CHECK(count(text, "(src|href|action|data|poster)=") == 0);
    CHECK(count(std::string(report::page::style), "url\\(|@import") == 0);
    CHECK(count(std::string(report::page::script), "fetch\\(|XMLHttpRequest|import\\(") == 0);
}

TEST_CASE("the policy of the page allows its own style and scripts and nothing else") {
    const std::string text = written(test::fleet());
    CHECK(has(text, fmt::format("content=\"default-src 'none'; script-src '{}' '{}'; "
                                "style-src '{}'; base-uri 'none'; form-action 'none'\"",
                                report::page::charts_hash, report::page::script_hash,
                                report::page::style_hash)));
    CHECK(count(text, " style=| on[a-z]+=") == 0);
    CHECK(count(text, "<script>") == 2);
}

TEST_CASE("without scripts the page shows no empty charts and no filter") {
    const std::string text = written(test::fleet());
    CHECK(has(text, "<section class=\"charts\" id=\"charts\" hidden>"));
    CHECK(has(text, "<div class=\"filter\" id=\"filter\" hidden>"));
}

TEST_CASE("a report that was stopped early says so on the page") {
    report::Fleet fleet = test::fleet();
    CHECK_FALSE(has(written(fleet), "stopped early"));
    fleet.complete = false;
    CHECK(has(written(fleet), "stopped early"));
}

TEST_CASE("a fleet without clients is a page as well") {
    const std::string text = written(report::Fleet{});
    CHECK(has(text, "No client tripped a flag"));
    CHECK(json::accept(embedded(text)));
}

TEST_CASE("the page of many clients stays small enough to open") {
    report::Fleet fleet = test::fleet();
    for (gc::Id id = 100; id < 20'000; ++id) {
        fleet.clients.push_back(test::fleet_client(id, "one of many", 1));
        fleet.clients.back().flags = {{.name = report::FlagName::share}};
    }
    const std::string text = whole(fleet);
    CHECK(text.size() < 3'000'000);
    CHECK(has(text, "And 17,905 clients with fewer tokens"));
    CHECK(has(text, "more, in the table below"));
}
