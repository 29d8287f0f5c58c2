// SPDX-License-Identifier: Apache-2.0
// The JSON of a report against config/report.schema.json, by a checker that knows the words of JSON
// Schema which stand there, and refuses all others.
#include "report/fleet_formats.hpp"
#include "support/backend.hpp"
#include "unit/fleet_scene.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>
#include <set>

using nlohmann::json;

namespace {

bool has_type(const json& value, const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "null" && value.is_null()) ||
           (type == "boolean" && value.is_boolean()) || (type == "number" && value.is_number()) ||
           (type == "integer" && value.is_number_integer());
}

class Checker {
public:
    explicit Checker(json schema) : m_schema(std::move(schema)) {}

    // Where the document differs from the schema; empty if nowhere.
    std::vector<std::string> complaints(const json& document) {
        m_complaints.clear();
        check(document, m_schema, "$");
        return m_complaints;
    }

private:
    void check(const json& value, const json& rule, const std::string& place) {
        for (const auto& [word, content] : rule.items()) {
            if (!holds(value, rule, word, place)) {
                m_complaints.push_back(place + ": " + word);
            }
        }
    }

    bool holds(const json& value, const json& rule, const std::string& word,
               const std::string& place) {
        static const std::set<std::string> comments{"$schema", "title", "description", "$defs"};
        const json& content = rule.at(word);
        if (word == "$ref") {
            check(value, m_schema.at("$defs").at(content.get<std::string>().substr(8)), place);
        } else if (word == "type") {
            const json types = content.is_array() ? content : json::array({content});
            return std::ranges::any_of(types, [&](const json& t) { return has_type(value, t); });
        } else if (word == "const") {
            return value == content;
        } else if (word == "enum") {
            return std::ranges::find(content, value) != content.end();
        } else if (word == "pattern") {
            return std::regex_search(value.get<std::string>(),
                                     std::regex(content.get<std::string>()));
        } else if (word == "required" && value.is_object()) {
            return std::ranges::all_of(
                content, [&](const json& key) { return value.contains(key.get<std::string>()); });
        } else if (word == "properties" && value.is_object()) {
            for (const auto& [key, property] : content.items()) {
                if (value.contains(key)) {
                    check(value.at(key), property, place + "." + key);
                }
            }
        } else if (word == "items" && value.is_array()) {
            for (const json& item : value) {
                check(item, content, place + "[]");
            }
        } else {
            return comments.contains(word) || value.is_null();
        }
        return true;
    }

    json m_schema;
    std::vector<std::string> m_complaints{};
};

json schema() {
    std::ifstream stream(test::source_dir() / "config/report.schema.json");
    return json::parse(stream);
}

json full_report() {
    test::FakeClients source;
    test::add_ordinary_clients(source);
    test::add_client(source, {.per_minute = 6000, .since = std::chrono::minutes{10}});
    source.registered.back().created = test::k_report_now;
    source.details[gc::ClientDetail::grant_type] = {{.client = 1, .text = "client_credentials"}};
    source.slices.push_back({.groups = {{.client = 9999, .never_expiring = 20}}});
    report::ForecastBasis basis{.limits = {.limit_bytes = 1'000'000'000}};
    basis.state.points = {{.at = test::k_report_now - std::chrono::hours{48}, .tokens = 1}};
    basis.state.last_run = report::LastRun{.at = test::k_report_now, .removed = 3};
    return json::parse(report::fleet_json(source.fleet({}, {}, basis), {}));
}

}  // namespace

TEST_CASE("the JSON of a report is as its schema says, full or empty") {
    Checker checker(schema());
    // The head is that of a run.
    for (json document :
         {full_report(), json::parse(report::fleet_json(test::FakeClients{}.fleet(), {}))}) {
        document["command"] = "report";
        CHECK(checker.complaints(document) == std::vector<std::string>{});
    }
}

TEST_CASE("the schema names every key of a report and refuses one that is missing or of a kind") {
    json document = full_report();
    document["command"] = "report";
    Checker checker(schema());
    const json client = schema().at("$defs").at("client").at("properties");
    for (const auto& [key, value] : document.at("clients").at(0).items()) {
        CAPTURE(key);
        CHECK(client.contains(key));
    }
    for (const auto& [key, value] : document.items()) {
        CAPTURE(key);
        CHECK(schema().at("properties").contains(key));
        json less = document;
        less.erase(key);
        CHECK(checker.complaints(less) == std::vector<std::string>{"$: required"});
    }
    document["clients"][0]["live"] = "many";
    CHECK(checker.complaints(document) == std::vector<std::string>{"$.clients[].live: type"});
}
