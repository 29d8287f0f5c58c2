// SPDX-License-Identifier: Apache-2.0
#include "report/document.hpp"
#include "report/text.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

using gc::Target;
using test::has;
using test::run_document;
using test::width_of;

namespace {

// Everything at its longest: every reason to keep a row, big numbers, every note.
report::RunDocument crowded() {
    report::RunDocument document = run_document();
    gc::Schema schema = test::mitreid_schema();
    for (auto& [name, table] : schema.tables) {
        table.indexed = {"id"};
    }
    document.run.plan = gc::make_plan({}, schema, {});
    document.head.server = "PostgreSQL 15.5 (Debian 15.5-0+deb12u1) on a machine far away";
    document.head.level = "no history table (MITREid Connect)";
    document.head.time_zone = "America/Argentina/ComodRivadavia";
    for (const Target target : gc::k_targets) {
        gc::TargetTally& tally = document.run.tally[target];
        tally = {.scanned = 12'345'678'901, .removed = 12'345'678'901, .vanished = 1'234'567};
        for (const char* const reason : {"in_grace", "never_expires", "registration", "locked",
                                         "not_expired", "referenced", "too_young", "changed"}) {
            tally.kept[reason] = 1'234'567'890;
        }
        for (gc::Id id = 1; id <= 20; ++id) {
            tally.locked.push_back(1'000'000'000 + id);
        }
        tally.satellites["authentication_holder_request_parameter"] = 123'456'789'012;
    }
    document.run.conflicts = 1'234'567;
    document.run.reconnects = 1234;
    document.run.window = "01:00-05:00 Europe/Amsterdam (UTC+02:00)";
    for (const char* const reason : {"retry", "busy_share", "rows_per_second", "window",
                                     "replica_lag", "running_threads", "flow_control"}) {
        document.run.add_pause(reason, std::chrono::hours{100});
    }
    document.warnings.emplace_back(
        "the clock check was overridden (clock.ignore): the newest tokens seem to be issued 120 "
        "min before the database's now, as if the identity server wrote in another time zone");
    document.error =
        "connection lost to mysql://gc@db.example.org:3306/iam while removing rows "
        "of authentication_holder, and it could not be opened again; run again later";
    document.stop_reason = "error";
    document.exit_code = 69;
    return document;
}

}  // namespace

TEST_CASE("the text of a run names where, what, how much and why it stopped") {
    const std::string text = report::to_text(run_document());
    CHECK(text.starts_with("iam-token-gc 1.2.3 run\n"));
    CHECK(has(text, "mysql://gc@db.example.org:3306/iam"));
    CHECK(has(text, "MariaDB 10.11.6, schema V121"));
    CHECK(has(text, "2026-05-01 12:00:00 UTC, cut-off 2026-05-01 11:00:00 (grace 1h)"));
    CHECK(has(text, "1,234,567"));
    CHECK(has(text, "registration 500, vanished 67"));
    CHECK(has(text, "1,234,000 rows removed, 3,702,000 with them, in 617 batches and 123.5 s"));
    CHECK(has(text, "stopped: done (exit 0)"));
    CHECK(text.ends_with("\n"));
}

TEST_CASE("the text of a dry run does not pass the time of counting off as that of a run") {
    report::RunDocument document = run_document();
    document.run.dry_run = true;
    CHECK(has(report::to_text(document),
              "1,234,000 rows to remove, 3,702,000 with them; to count them took 617 batches and "
              "123.5 s"));
}

TEST_CASE("the text of a run tells moments in whole seconds") {
    report::RunDocument document = run_document();
    document.run.plan.clock.now += std::chrono::microseconds{999'999};
    document.run.plan.cutoff += std::chrono::microseconds{1};
    CHECK(has(report::to_text(document),
              "2026-05-01 12:00:00 UTC, cut-off 2026-05-01 11:00:00 (grace 1h)"));
}

TEST_CASE("the text of a run begins with its head, which is written before anything is removed") {
    const report::RunDocument document = run_document();
    CHECK(report::to_text(document).starts_with(report::head_text(document.head)));
    CHECK(report::to_text(crowded()).starts_with(report::head_text(crowded().head)));
}

TEST_CASE("the text of a run that never reached its database has no moment and no targets") {
    report::RunDocument document{.stop_reason = "error"};
    document.head.command = "run";
    document.error = "no such file";
    document.exit_code = 69;
    const std::string text = report::to_text(document);
    CHECK_FALSE(has(text, "1970"));
    CHECK_FALSE(has(text, "scanned"));
    CHECK(has(text, "error: no such file"));
    CHECK_FALSE(has(report::to_json(document), "1970"));
}

TEST_CASE("no line of a run's text has more than 100 columns") {
    CHECK(width_of(report::to_text(run_document())) <= 100);
    CHECK(width_of(report::to_text(crowded())) <= 100);
    report::RunDocument dry = crowded();
    dry.run.dry_run = true;
    CHECK(width_of(report::to_text(dry)) <= 100);
}

TEST_CASE("numbers in the text of a run are grouped") {
    const std::string text = report::to_text(crowded());
    CHECK(has(text, "12,345,678,901"));
    CHECK_FALSE(has(text, "12345678901"));
    CHECK(has(text, "123,456,789,012"));
}

TEST_CASE("the text of a dry run says that nothing is removed") {
    report::RunDocument document = run_document();
    CHECK_FALSE(has(report::to_text(document), "nothing is removed"));
    document.run.dry_run = true;
    const std::string text = report::to_text(document);
    CHECK(has(text, "nothing is removed"));
    CHECK(has(text, "to remove"));
    CHECK(has(text, "1,234,000 rows to remove"));
}

TEST_CASE("every target has a line, and one that is not worked on says why") {
    gc::Settings settings;
    settings.policy.switched_off = {Target::access_token};
    report::RunDocument document = run_document();
    document.run.plan = gc::make_plan(settings, test::mitreid_schema(), {});
    document.run.plan.clock.now = util::TimePoint{std::chrono::hours{1}};
    document.run.tally.clear();
    const std::string text = report::to_text(document);
    for (const Target target : gc::k_targets) {
        CHECK(has(text, "\n" + std::string(gc::name(target))));
    }
    CHECK(has(text, "switched_off"));
    CHECK(has(text, "absent"));
    CHECK(has(text, "refresh_token refused: no index leads on access_token.refresh_token_id"));
    CHECK(has(text, "CREATE INDEX CONCURRENTLY gc_access_token_refresh_token_id_idx"));
    CHECK(has(text, "authentication_holder waiting: "));
}

TEST_CASE("locked rows are named in the text") {
    report::RunDocument document = run_document();
    document.run.tally[Target::refresh_token].locked = {7, 8};
    CHECK(has(report::to_text(document),
              "refresh_token left because another session held a lock: 7, 8."));
}

TEST_CASE("satellites are listed by table, those without a removed row are not") {
    const std::string text = report::to_text(run_document());
    CHECK(has(text, "  token_scope"));
    CHECK_FALSE(has(text, "access_token_permissions"));
}

TEST_CASE("the text of a failed run ends with the error, and nothing in it can act on a terminal") {
    report::RunDocument document = run_document();
    document.error = "lost\x1b[2J the connection\n";
    document.stop_reason = "error";
    document.exit_code = 69;
    const std::string text = report::to_text(document);
    CHECK(has(text, "stopped: error (exit 69)"));
    CHECK(has(text, "error: lost\\x1b[2J the connection\\x0a"));
    CHECK_FALSE(has(text, "\x1b"));
}
