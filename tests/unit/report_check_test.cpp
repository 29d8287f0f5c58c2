// SPDX-License-Identifier: Apache-2.0
#include "report/check_report.hpp"

#include "unit/fake_report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using nlohmann::json;
using report::CheckDocument;
using report::Grade;
using test::has;

namespace {

CheckDocument findings() {
    CheckDocument document{.head = test::run_document().head};
    document.head.command = "check";
    document.findings = {
        {.subject = "connection", .text = "MariaDB 10.11.6, session time zone UTC"},
        {.subject = "target refresh_token",
         .grade = Grade::warning,
         .text = "refused: no index leads on access_token.refresh_token_id, so each batch would "
                 "read that whole table",
         .remedies = {"CREATE INDEX CONCURRENTLY "
                      "gc_authentication_holder_request_parameter_owner_id_idx ON "
                      "authentication_holder_request_parameter (owner_id);"}},
        {.subject = "rights", .grade = Grade::failure, .text = "no right to remove"}};
    document.exit_code = 77;
    return document;
}

}  // namespace

TEST_CASE("each finding of a check has its grade in front of it") {
    const std::string text = report::to_text(findings());
    CHECK(has(text, "\nok       connection: MariaDB 10.11.6"));
    CHECK(has(text, "\nwarning  target refresh_token: refused"));
    CHECK(has(text, "\nfailure  rights: no right to remove"));
    CHECK(has(text, "CREATE INDEX CONCURRENTLY"));
}

TEST_CASE("a check ends by saying whether a run could begin") {
    CHECK(report::to_text(findings()).ends_with("\nnot ready (exit 77)\n"));
    CheckDocument ready = findings();
    ready.exit_code = 0;
    CHECK(report::to_text(ready).ends_with("\nready to run\n"));
}

TEST_CASE("no line of a check's text has more than 100 columns") {
    CHECK(test::width_of(report::to_text(findings())) <= 100);
}

TEST_CASE("the JSON of a check lists findings with subject, grade, text and remedies") {
    const json document = json::parse(report::to_json(findings()));
    CHECK(document.at("schema_version") == report::k_schema_version);
    CHECK(document.at("command") == "check");
    CHECK(document.at("exit_code") == 77);
    REQUIRE(document.at("findings").size() == 3);
    CHECK(document.at("findings").at(1).at("subject") == "target refresh_token");
    CHECK(document.at("findings").at(1).at("grade") == "warning");
    CHECK(document.at("findings").at(1).at("remedies").size() == 1);
    CHECK(document.at("findings").at(2).at("text") == "no right to remove");
}
