// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "unit/fake_fleet.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using test::has;

namespace {

using Record = std::vector<std::string>;

// Reads RFC 4180 as it is written there, and nothing more lenient.
std::vector<Record> records(std::string_view text) {
    std::vector<Record> all;
    Record record;
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '"' && text.substr(i, 2) == "\"\"") {
            field += text[i++];
        } else if (text[i] == '"') {
            REQUIRE((quoted || field.empty()));
            quoted = !quoted;
        } else if (!quoted && text[i] == ',') {
            record.push_back(std::exchange(field, {}));
        } else if (!quoted && text[i] == '\r') {
            REQUIRE(text.substr(i, 2) == "\r\n");
            ++i;
            record.push_back(std::exchange(field, {}));
            all.push_back(std::exchange(record, {}));
        } else {
            REQUIRE((quoted || text[i] != '\n'));
            field += text[i];
        }
    }
    REQUIRE(record.empty());
    REQUIRE(field.empty());
    return all;
}

std::string value(const std::vector<Record>& all, std::size_t line, const std::string& column) {
    const auto& head = all.at(0);
    const auto found = std::find(head.begin(), head.end(), column);
    REQUIRE(found != head.end());
    return all.at(line).at(static_cast<std::size_t>(found - head.begin()));
}

}  // namespace

TEST_CASE("CSV has a header and a record of as many fields for every client") {
    const report::Fleet fleet = test::fleet();
    const auto all = records(report::fleet_csv(fleet, {.top = 1}));
    REQUIRE(all.size() == fleet.clients.size() + 1);
    for (const Record& record : all) {
        CHECK(record.size() == all.front().size());
    }
}

TEST_CASE("CSV tells the figures of a client as plain numbers") {
    const auto all = records(report::fleet_csv(test::fleet(), {}));
    CHECK(value(all, 1, "client_id") == "client-7");
    CHECK(value(all, 1, "flags") == "flood no_reuse");
    CHECK(value(all, 1, "access_live") == "1000000");
    CHECK(value(all, 1, "rate_now") == "98.3");
    CHECK(value(all, 1, "lifetime_seconds") == "3600");
    CHECK(value(all, 1, "active") == "true");
    CHECK(value(all, 1, "removed").empty());
}

TEST_CASE("CSV neutralises a client that is called like a formula, wherever its words stand") {
    report::Fleet fleet = test::fleet();
    fleet.clients[0].client_id = "@SUM(A1:A9)";
    fleet.clients[0].contacts = {"=cmd", "b"};
    fleet.clients[0].owners = {"+1"};
    const auto all = records(report::fleet_csv(fleet, {}));
    CHECK(value(all, 5, "name") == R"('=HYPERLINK("http://x","y"))");
    CHECK(value(all, 1, "client_id") == "'@SUM(A1:A9)");
    CHECK(value(all, 1, "contacts") == "'=cmd b");
    CHECK(value(all, 1, "owners") == "'+1");
}

TEST_CASE("a name with quotes, commas and line breaks stays one field of one record") {
    report::Fleet fleet = test::fleet();
    fleet.clients[0].name = "a\",\"b\r\nc";
    const auto all = records(report::fleet_csv(fleet, {}));
    REQUIRE(all.size() == fleet.clients.size() + 1);
    CHECK(value(all, 1, "name") == R"(a","b\x0d\x0ac)");
}
