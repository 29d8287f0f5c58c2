// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "unit/fake_fleet.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

using test::has;

namespace {

std::string metrics(const report::Fleet& fleet, std::size_t top = 20) {
    return report::fleet_openmetrics(fleet, {.top = top});
}

// The samples, without their values.
std::vector<std::string> series(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (!line.starts_with('#')) {
            all.push_back(line.substr(0, line.rfind(' ')));
        }
    }
    return all;
}

bool repeats(const std::vector<std::string>& all) {
    return std::set<std::string>(all.begin(), all.end()).size() != all.size();
}

}  // namespace

TEST_CASE("the metrics of a report tell the totals, the flags and the forecast") {
    const std::string text = metrics(test::fleet());
    CHECK(has(text, "\niam_token_gc_access_tokens{state=\"live\"} 1305000\n"));
    CHECK(has(text, "\niam_token_gc_backlog_tokens 40000\n"));
    CHECK(has(text, "\niam_token_gc_flagged_clients{flag=\"flood\"} 1\n"));
    CHECK(has(text, "\niam_token_gc_flagged_clients{flag=\"burst\"} 0\n"));
    CHECK(has(text, "\niam_token_gc_inflow_tokens_per_day 8640000\n"));
    CHECK(
        has(text, "\niam_token_gc_client_issue_rate{client_id=\"client-7\",over=\"10m\"} 98.3\n"));
    CHECK(has(text, "\niam_token_gc_client_flag{client_id=\"client-7\",flag=\"flood\"} 1\n"));
    CHECK(text.ends_with("\n# EOF\n"));
}

TEST_CASE("what is not known is no metric") {
    report::Fleet fleet = test::fleet();
    CHECK(has(metrics(fleet), "iam_token_gc_window_seconds"));
    fleet.forecast.window.reset();
    fleet.forecast.backlog_per_day.reset();
    CHECK_FALSE(has(metrics(fleet), "iam_token_gc_window_seconds"));
    CHECK_FALSE(has(metrics(fleet), "iam_token_gc_backlog_growth_tokens_per_day"));
}

TEST_CASE("with more clients than report.top the rest is summed as other") {
    report::Fleet fleet = test::fleet();
    for (gc::Id id = 100; id < 1100; ++id) {
        fleet.clients.push_back(test::fleet_client(id, "small", 2));
    }
    const std::string text = metrics(fleet, 3);
    CHECK(has(text,
              "\niam_token_gc_client_access_tokens{client_id=\"other\",state=\"live\"} 7000\n"));
    CHECK(has(text, "{client_id=\"client-10\",state=\"live\"}"));
    CHECK_FALSE(has(text, "{client_id=\"client-100\""));
    CHECK(series(text).size() == series(metrics(test::fleet(), 3)).size());
}

TEST_CASE("flagged clients beyond report.top are still counted") {
    report::Fleet fleet = test::fleet();
    for (report::ClientFigures& client : fleet.clients) {
        client.flags = {{.name = report::FlagName::flood}};
    }
    CHECK(has(metrics(fleet, 1), "\niam_token_gc_flagged_clients{flag=\"flood\"} 5\n"));
}

TEST_CASE("no names of clients make two samples with the same labels") {
    report::Fleet fleet = test::fleet();
    const std::vector<std::string> ids{"other", "unknown", "a\x1b", R"(a\x1b)", "other #12", ""};
    gc::Id id = 12;
    for (const std::string& client_id : ids) {
        report::ClientFigures client = test::fleet_client(id++, "small", 2);
        client.client_id = client_id;
        fleet.clients.push_back(client);
    }
    fleet.clients.push_back(test::fleet_client(99, "rest", 1));
    CHECK_FALSE(repeats(series(metrics(fleet, fleet.clients.size() - 1))));
    CHECK(has(metrics(fleet, 6), "{client_id=\"other #12\",state=\"live\"} 2\n"));
}

TEST_CASE("a client's name does not leave its label") {
    report::Fleet fleet = test::fleet();
    fleet.clients[0].name = "x\"} 1\n# EOF";
    const std::string text = metrics(fleet);
    CHECK(has(text, R"({client_id="client-7",name="x\"} 1\\x0a# EOF"} 1)"));
    CHECK(text.find("# EOF\n") == text.size() - 6);
}
