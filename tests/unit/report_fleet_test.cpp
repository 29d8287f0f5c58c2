// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"

#include "unit/fake_clients.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <optional>

using nlohmann::json;
using report::Fleet;
using test::FakeClients;
using test::has;
using test::width_of;

namespace {

struct Token {
    std::optional<gc::Id> client{};
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;
};

// One slice for each.
struct Fixture {
    FakeClients source{};

    void tokens(const std::vector<Token>& all) {
        for (const Token& token : all) {
            source.slices.push_back({.groups = {{.client = token.client,
                                                 .live = token.live,
                                                 .expired = token.expired,
                                                 .never_expiring = token.never_expiring}}});
        }
    }
};

}  // namespace

TEST_CASE_FIXTURE(
    Fixture, "tokens of one client are summed over the slices, the client with most comes first") {
    source.registered = {{.id = 1, .client_id = "a", .name = "Small"},
                         {.id = 2, .client_id = "b", .name = "Big"}};
    tokens({{1, 1, 0, 0}, {2, 3, 4, 0}, {1, 1, 1, 0}, {2, 0, 90, 0}});
    const Fleet document = source.fleet();
    CHECK(document.totals.access.total() == 100);
    REQUIRE(document.clients.size() == 2);
    CHECK(document.clients[0].name == "Big");
    CHECK(document.clients[0].access.live == 3);
    CHECK(document.clients[0].access.expired == 94);
    CHECK(document.clients[0].share == doctest::Approx(0.97));
    CHECK(document.clients[1].access.expired == 1);
    CHECK(document.clients[1].total() == 3);
}

TEST_CASE_FIXTURE(Fixture,
                  "tokens of no client and of one that is not registered are summed as unknown") {
    tokens({{std::nullopt, 1, 0, 0}, {77, 2, 0, 0}});
    const Fleet document = source.fleet();
    REQUIRE(document.clients.size() == 1);
    CHECK(document.clients[0].client_id == "");
    CHECK(document.clients[0].access.live == 3);
    CHECK(has(report::fleet_text(document, {}), "(unknown client)"));
}

TEST_CASE_FIXTURE(Fixture, "more clients than a page holds are all known by name") {
    for (gc::Id id = 1; id <= 2500; ++id) {
        source.registered.push_back({.id = id, .client_id = fmt::format("client-{}", id)});
    }
    tokens({{2500, 1, 0, 0}, {1000, 1, 0, 0}, {1001, 1, 0, 0}});
    const Fleet document = source.fleet();
    CHECK(document.clients.size() == 3);
    for (const report::ClientFigures& figures : document.clients) {
        CHECK(figures.client_id.starts_with("client-"));
    }
}

TEST_CASE_FIXTURE(Fixture, "an empty database has a report without clients") {
    const Fleet document = source.fleet();
    CHECK(document.totals.access.total() == 0);
    CHECK(has(report::fleet_text(document, {}), "0 access tokens"));
    CHECK(json::parse(report::fleet_json(document, {})).at("clients").empty());
}

TEST_CASE_FIXTURE(Fixture, "a stop ends the counting after the slice in hand") {
    tokens({{1, 1, 0, 0}, {1, 1, 0, 0}, {1, 1, 0, 0}});
    std::stop_source stop;
    source.on_slice = [&] { stop.request_stop(); };
    CHECK(source.fleet({}, stop.get_token()).totals.access.total() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a hostile client name cannot act on a terminal or break a line") {
    source.registered = {{.id = 1, .client_id = "a", .name = "\x1b[2J\x1b]0;owned\x07\r\nroot"},
                         {.id = 2, .client_id = "\x1b[31m", .name = ""},
                         {.id = 3, .client_id = "c", .name = "\u202egnp.exe \u009b2J"},
                         {.id = 4, .client_id = "d", .name = "\xff\xfe"}};
    tokens({{1, 4, 0, 0}, {2, 3, 0, 0}, {3, 2, 0, 0}, {4, 1, 0, 0}});
    const Fleet document = source.fleet();
    const std::string text = report::fleet_text(document, {});
    for (const char* const part : {"\x1b", "\x07", "\r", "\u202e", "\u009b", "\xff"}) {
        CHECK_FALSE(has(text, part));
    }
    CHECK(has(text, "\\x1b[2J"));
    CHECK(has(text, "\\u202egnp.exe"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 22);
    CHECK(json::accept(report::fleet_json(document, {})));
    CHECK_FALSE(has(report::fleet_json(document, {}), "\x1b"));
}

TEST_CASE_FIXTURE(Fixture, "a client name that is not ASCII is whole in text and JSON") {
    source.registered = {{.id = 1, .client_id = "a", .name = "Universität Zürich"}};
    tokens({{1, 1, 0, 0}});
    const Fleet document = source.fleet();
    CHECK(has(report::fleet_text(document, {}), "Universität Zürich  "));
    const json clients = json::parse(report::fleet_json(document, {})).at("clients");
    CHECK(clients.at(0).at("name") == "Universität Zürich");
}

TEST_CASE_FIXTURE(
    Fixture, "a long name is shortened in the text, between characters, and whole in the JSON") {
    std::string name;
    for (int i = 0; i < 100; ++i) {
        name += "ü";
    }
    source.registered = {{.id = 1, .client_id = "a", .name = name}};
    tokens({{1, 1'234'567'890, 1'234'567'890, 1'234'567'890}});
    const Fleet document = source.fleet();
    const std::string text = report::fleet_text(document, {});
    CHECK(width_of(text) <= 100);
    CHECK(has(text, "ü...  "));
    CHECK(has(text, "1,234,567,890"));
    CHECK(json::accept(text.substr(0, 0) + report::fleet_json(document, {})));
    CHECK(json::parse(report::fleet_json(document, {})).at("clients").at(0).at("name") == name);
}

TEST_CASE_FIXTURE(Fixture,
                  "the text shows the 20 biggest clients and says how many more there are") {
    for (gc::Id id = 1; id <= 30; ++id) {
        source.registered.push_back({.id = id, .client_id = fmt::format("client-{:02}", id)});
        tokens({{id, 100 - id, 0, 0}});
    }
    const std::string text = report::fleet_text(source.fleet(), {});
    CHECK(has(text, "client-20"));
    CHECK_FALSE(has(text, "client-21"));
    CHECK(has(text, "and 10 clients more"));
    CHECK(json::parse(report::fleet_json(source.fleet(), {})).at("clients").size() == 30);
}
