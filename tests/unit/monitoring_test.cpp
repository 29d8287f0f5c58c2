// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/run_metrics.hpp"
#include "unit/fake_fleet.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using nlohmann::json;

namespace {

std::string config_file(const std::string& name) {
    const char* const folder = std::getenv("ITGC_TEST_SOURCE_DIR");
    REQUIRE(folder != nullptr);
    std::ifstream stream(std::string(folder) + "/config/" + name);
    REQUIRE(stream.good());
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::set<std::string> found(const std::string& text, const std::string& pattern) {
    const std::regex expression(pattern);
    std::set<std::string> names;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), expression);
         at != std::sregex_iterator(); ++at) {
        names.insert(at->str(1));
    }
    return names;
}

// Every metric the program can write, each with the names of its labels.
std::string everything() {
    report::Fleet fleet = test::fleet();
    fleet.forecast.until_bytes = std::chrono::hours{1};
    report::RunDocument run = test::run_document();
    run.run.plan.expected[gc::Target::access_token] = 1;
    return report::fleet_openmetrics(fleet, {}) +
           report::run_metrics(run, {.ended = 1, .last_success = 1});
}

const std::string k_metric = "\\b(iam_token_gc_[a-z_]+)";

}  // namespace

TEST_CASE("every metric of the dashboard and the alerts is one that the program writes") {
    const std::set<std::string> written = found(everything(), "# TYPE (iam_token_gc_[a-z_]+)");
    REQUIRE(written.size() > 30);
    for (const char* const file : {"grafana-dashboard.json", "prometheus-alerts.yaml"}) {
        // The files of the textfile collector are no metrics.
        const std::string text =
            std::regex_replace(config_file(file), std::regex(k_metric + "(\\.|\\[\\.\\])prom"), "");
        const std::set<std::string> used = found(text, k_metric);
        REQUIRE(used.size() > 5);
        for (const std::string& name : used) {
            CAPTURE(file);
            CAPTURE(name);
            CHECK(written.contains(name));
        }
    }
}

TEST_CASE("every label that the dashboard or an alert selects by has that value") {
    const std::string text = everything();
    for (const char* const file : {"grafana-dashboard.json", "prometheus-alerts.yaml"}) {
        const std::string used = std::regex_replace(config_file(file), std::regex("\\\\\""), "\"");
        for (const std::string& selector :
             found(used, "\\b((?:flag|over|state|target)!?=\"[a-z0-9_]+\")")) {
            CAPTURE(file);
            CAPTURE(selector);
            CHECK(test::has(text, std::regex_replace(selector, std::regex("!="), "=")));
        }
    }
}

TEST_CASE("the two files of the textfile collector have no metric in common") {
    const std::string head = "# TYPE (iam_token_gc_[a-z_]+)";
    const auto report = found(report::fleet_openmetrics(test::fleet(), {}), head);
    for (const std::string& name : found(report::run_metrics(test::run_document(), {}), head)) {
        CAPTURE(name);
        CHECK_FALSE(report.contains(name));
    }
}

TEST_CASE("the dashboard is JSON whose panels have a title, a place and queries each") {
    const json dashboard = json::parse(config_file("grafana-dashboard.json"));
    CHECK(dashboard.at("uid") == "iam-token-gc");
    CHECK(dashboard.at("schemaVersion").is_number_integer());
    std::set<int> ids;
    for (const json& panel : dashboard.at("panels")) {
        CAPTURE(panel.dump());
        ids.insert(panel.at("id").get<int>());
        CHECK_FALSE(panel.at("title").get<std::string>().empty());
        CHECK(panel.at("gridPos").at("x").get<int>() + panel.at("gridPos").at("w").get<int>() <=
              24);
        CHECK_FALSE(panel.at("targets").empty());
    }
    CHECK(ids.size() == dashboard.at("panels").size());
}
