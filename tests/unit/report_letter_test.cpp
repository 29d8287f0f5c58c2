// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_formats.hpp"
#include "report/letter.hpp"
#include "report/mail.hpp"
#include "unit/fake_fleet.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using report::find_client;
using test::has;

namespace {

// The head of a message, and its lines.
std::string head_of(const std::string& message) {
    return message.substr(0, message.find("\n\n") + 1);
}

std::ptrdiff_t lines(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

TEST_CASE("a client is found by its client_id, else by its key") {
    report::Fleet fleet = test::fleet();
    CHECK(find_client(fleet, "client-9")->id == 9);
    CHECK(find_client(fleet, "9")->client_id == "client-9");
    CHECK(find_client(fleet, "client") == nullptr);
    CHECK(find_client(fleet, "") == nullptr);
    fleet.clients[0].client_id = "9";
    CHECK(find_client(fleet, "9")->id == 7);
}

TEST_CASE("the letter says what the client does, why that is wrong and what to do") {
    const report::Fleet fleet = test::fleet();
    const std::string text = report::letter(fleet, fleet.clients[0]);
    CHECK(
        has(text, "To the owner of the OAuth client \"stress test\" (client-7)\nload@example.org"));
    CHECK(has(text, "1,050,000"));
    CHECK(has(text, "* issues 98.3 tokens a second, more than 10"));
    CHECK(has(text, "* Keep an access token and use it until shortly before it expires"));
    CHECK(text.find("Keep an access") == text.rfind("Keep an access"));
}

TEST_CASE("the letter is one page, whatever the client trips") {
    report::Fleet fleet = test::fleet();
    report::ClientFigures& client = fleet.clients[0];
    client.flags.clear();
    for (int flag = 0; flag <= static_cast<int>(report::FlagName::inactive_client); ++flag) {
        client.flags.push_back({.name = static_cast<report::FlagName>(flag),
                                .sentence = "does 12,345.6 of something, more than 1,000"});
    }
    client.rates.peak_at = fleet.now;
    client.contacts = client.owners = std::vector<std::string>(40, "somebody@example.org");
    const std::string text = report::letter(fleet, client);
    CHECK(lines(text) <= 66);
    CHECK(test::width_of(text) <= 76);
}

TEST_CASE("the letter tells the owner nothing of other clients or of the server") {
    const report::Fleet fleet = test::fleet();
    const std::string text = report::letter(fleet, fleet.clients[0]);
    CHECK_FALSE(has(text, "Grid portal"));
    CHECK_FALSE(has(text, "db.example.org"));
    CHECK_FALSE(has(text, "MariaDB"));
}

TEST_CASE("a client without flags gets a letter without reproach") {
    const report::Fleet fleet = test::fleet();
    const std::string text = report::letter(fleet, *find_client(fleet, "client-10"));
    CHECK(has(text, "Nothing of this breaks a rule"));
    CHECK_FALSE(has(text, "What we ask you"));
}

TEST_CASE("the letter goes to contacts that are plain addresses and to nobody else") {
    report::Fleet fleet = test::fleet();
    report::ClientFigures& client = fleet.clients[0];
    client.contacts = {"a@example.org",         "b@example.org\nBcc: x@example.org",
                       "c@example.org, d@e.fr", "E <e@example.org>",
                       "-oQ/tmp@example.org",   "nobody",
                       "@example.org",          "f.g+h@sub.example.org"};
    CHECK(head_of(report::letter_mail(fleet, client))
              .starts_with("To: a@example.org,\n f.g+h@sub.example.org\nSubject: "));
    client.contacts = {"nobody"};
    CHECK(head_of(report::letter_mail(fleet, client)).starts_with("Subject: "));
}

TEST_CASE("no client adds a line to the head of a message") {
    report::Fleet fleet = test::fleet();
    const auto calm = lines(head_of(report::letter_mail(fleet, fleet.clients[0])));
    fleet.clients[0].client_id = "x\r\nBcc: y@example.org\n\nz";
    CHECK(lines(head_of(report::letter_mail(fleet, fleet.clients[0]))) == calm);
    CHECK(has(report::mail({.subject = "a\nB: c\xc3\xa4" + std::string(200, 'x')}, ""),
              "Subject: aB: cxxx"));
    CHECK(test::width_of(report::mail({.subject = std::string(200, 'x')}, "")) < 80);
}

TEST_CASE("the report as a message tells in its subject how many clients are flagged") {
    report::Fleet fleet = test::fleet();
    const std::string text = report::fleet_mail(fleet, {.color = true});
    CHECK(has(head_of(text), "Subject: [iam-token-gc] 2 of 5 clients flagged, database iam\n"));
    CHECK(has(head_of(text), "Content-Type: text/plain; charset=utf-8\n"));
    CHECK_FALSE(has(text, "\x1b"));
    CHECK(text.substr(text.find("\n\n") + 2) == report::fleet_text(fleet, {}));
    fleet.totals.flagged = 0;
    CHECK(has(report::fleet_mail(fleet, {}), "Subject: [iam-token-gc] none of 5 clients flagged"));
}
