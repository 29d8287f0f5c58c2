// SPDX-License-Identifier: Apache-2.0
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using gc::Target;
using nlohmann::json;
using test::run_document;

namespace {

json parsed(const report::RunDocument& document) {
    return json::parse(report::to_json(document));
}

}  // namespace

TEST_CASE("the JSON of a run has the keys that scripts rely on") {
    const json document = parsed(run_document());
    CHECK(document.at("schema_version") == report::k_schema_version);
    CHECK(document.at("command") == "run");
    CHECK(document.at("program").at("version") == "1.2.3");
    CHECK(document.at("database").at("url") == "mysql://gc@db.example.org:3306/iam");
    CHECK(document.at("dry_run") == false);
    CHECK(document.at("now") == "2026-05-01 12:00:00");
    CHECK(document.at("cutoff") == "2026-05-01 11:00:00");
    CHECK(document.at("grace") == "1h");
    CHECK(document.at("clock_check").at("state") == "plausible");
    CHECK(document.at("stop_reason") == "done");
    CHECK(document.at("exit_code") == 0);
    CHECK(document.at("warnings").is_array());
    CHECK(document.at("batches") == 617);
    CHECK(document.at("elapsed_ms") == 123'456);
    CHECK(document.at("paused_ms") == 61'000);
    CHECK(document.at("longest_batch_ms") == 250);
    CHECK_FALSE(document.contains("error"));
}

TEST_CASE("targets is an object with every target, each with its counts as numbers") {
    const json targets = parsed(run_document()).at("targets");
    CHECK(targets.size() == gc::k_targets.size());
    for (const Target target : gc::k_targets) {
        CAPTURE(gc::name(target));
        const json& one = targets.at(std::string(gc::name(target)));
        CHECK(one.at("state") == "planned");
        for (const char* const key : {"scanned", "removed", "vanished"}) {
            CHECK(one.at(key).is_number_integer());
        }
        CHECK(one.at("kept").is_object());
        CHECK(one.at("satellites").is_object());
    }
}

TEST_CASE("the counts of a target are those of the run") {
    const json tokens = parsed(run_document()).at("targets").at("access_token");
    CHECK(tokens.at("scanned") == 1234567);
    CHECK(tokens.at("removed") == 1234000);
    CHECK(tokens.at("vanished") == 67);
    CHECK(tokens.at("kept") == json{{"registration", 500}});
    CHECK(tokens.at("satellites") ==
          json{{"token_scope", 3702000}, {"access_token_permissions", 0}});
}

TEST_CASE("totals count rows of targets, and all rows touched") {
    const json totals = parsed(run_document()).at("totals");
    CHECK(totals.at("removed") == 1234000);
    CHECK(totals.at("rows_touched") == 1234000 + 3702000);
}

TEST_CASE("the safe point is told for the targets that have one") {
    const json targets = parsed(run_document()).at("targets");
    CHECK(targets.at("authentication_holder").at("safe_point") == 4711);
    CHECK(targets.at("saved_user_auth").at("safe_point") == 815);
    CHECK_FALSE(targets.at("access_token").contains("safe_point"));
}

TEST_CASE("a target that is not planned tells its state, its reason and the remedies") {
    report::RunDocument document = run_document();
    document.run.plan = gc::make_plan({}, test::mitreid_schema(), {});
    const json targets = parsed(document).at("targets");
    CHECK(targets.at("refresh_token").at("state") == "refused");
    CHECK(targets.at("refresh_token").at("reason").is_string());
    CHECK(targets.at("refresh_token").at("remedies").size() == 1);
    CHECK(targets.at("iam_revoked_at").at("state") == "absent");
    CHECK(targets.at("authentication_holder").at("state") == "waiting");
    CHECK(targets.at("iam_revoked_at").at("removed") == 0);
}

TEST_CASE("a dry run fills the same keys as a run") {
    const report::RunDocument real = run_document();
    report::RunDocument dry = real;
    dry.run.dry_run = true;
    json expected = parsed(real);
    expected["dry_run"] = true;
    CHECK(parsed(dry) == expected);
}

TEST_CASE("locked rows are listed by their ids") {
    report::RunDocument document = run_document();
    document.run.tally[Target::access_token].locked = {7, 8};
    const json targets = parsed(document).at("targets");
    CHECK(targets.at("access_token").at("locked") == json{7, 8});
    CHECK_FALSE(targets.at("refresh_token").contains("locked"));
}

TEST_CASE("a failed run tells its error and exit code, with the counts up to then") {
    report::RunDocument document = run_document();
    document.stop_reason = "error";
    document.error = "the connection was lost";
    document.exit_code = 69;
    const json failed = parsed(document);
    CHECK(failed.at("stop_reason") == "error");
    CHECK(failed.at("error") == "the connection was lost");
    CHECK(failed.at("exit_code") == 69);
    CHECK(failed.at("targets").at("access_token").at("removed") == 1234000);
}

TEST_CASE("a run that failed before it had a plan is still one JSON document") {
    const json document = parsed({.stop_reason = "error", .error = "no server", .exit_code = 69});
    CHECK(document.at("targets").empty());
    CHECK(document.at("exit_code") == 69);
}

TEST_CASE("the JSON begins with what a run writes before it removes anything, and ends the line") {
    const std::string text = report::to_json(run_document());
    CHECK(text.starts_with("{\n"));
    CHECK(text.ends_with("}\n"));
}

TEST_CASE("bytes that are no UTF-8 do not break the JSON") {
    report::RunDocument document = run_document();
    document.error = "bad \xff\xc3 bytes";
    document.head.server = "\x80";
    CHECK(json::accept(report::to_json(document)));
}
