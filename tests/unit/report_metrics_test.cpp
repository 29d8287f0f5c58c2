// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.hpp"
#include "report/run_metrics.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

using report::last_success_in;
using report::MetricsText;
using test::has;

TEST_CASE("a figure has its help and type before it, and the text its end mark") {
    MetricsText metrics;
    metrics.family("rows", "Rows there are.");
    metrics.sample(std::int64_t{7});
    CHECK(metrics.text() ==
          "# HELP iam_token_gc_rows Rows there are.\n"
          "# TYPE iam_token_gc_rows gauge\n"
          "iam_token_gc_rows 7\n"
          "# EOF\n");
}

TEST_CASE("help and type of a family are written once") {
    MetricsText metrics;
    metrics.family("rows", "Rows there are.");
    metrics.sample(std::int64_t{1}, {{"state", "live"}});
    metrics.sample(0.25, {{"state", "expired"}, {"client_id", "a"}});
    CHECK(has(metrics.text(),
              "# TYPE iam_token_gc_rows gauge\n"
              "iam_token_gc_rows{state=\"live\"} 1\n"
              "iam_token_gc_rows{state=\"expired\",client_id=\"a\"} 0.25\n"));
}

TEST_CASE("a family without a figure does not appear") {
    MetricsText metrics;
    metrics.family("rows", "Rows there are.");
    metrics.family("bytes", "Bytes there are.");
    CHECK(metrics.text() == "# EOF\n");
}

TEST_CASE("a name in a label cannot add a figure of its own") {
    MetricsText metrics;
    metrics.family("rows", "Rows there are.");
    metrics.sample(std::int64_t{1}, {{"name", "a\"} 9\niam_token_gc_rows{name=\"b"}});
    CHECK(has(metrics.text(), R"(iam_token_gc_rows{name="a\"} 9\\x0aiam_token_gc_rows{name=\"b"} 1)"
                              "\n# EOF\n"));
}

TEST_CASE("the metrics of a run tell how it ended and what it removed") {
    const std::string text =
        report::run_metrics(test::run_document(), {.ended = 1'777'636'800, .last_success = 99});
    CHECK(has(text, "\niam_token_gc_run_end_timestamp_seconds 1777636800\n"));
    CHECK(has(text, "\niam_token_gc_run_last_success_timestamp_seconds 99\n"));
    CHECK(has(text, "\niam_token_gc_run_exit_code 0\n"));
    CHECK(has(text, "\niam_token_gc_run_stop_reason{reason=\"done\"} 1\n"));
    CHECK(has(text, "\niam_token_gc_run_removed_rows{target=\"access_token\"} 1234000\n"));
    CHECK(has(text, "\niam_token_gc_run_touched_rows 4936000\n"));
    CHECK(has(text, "\niam_token_gc_run_paused_seconds{reason=\"busy_share\"} 61\n"));
    CHECK(has(text, "\niam_token_gc_run_longest_batch_seconds 0.25\n"));
}

TEST_CASE("the metrics of a run that never connected still tell that it failed") {
    const std::string text =
        report::run_metrics({.stop_reason = "error", .exit_code = 69}, {.ended = 5});
    CHECK(has(text, "\niam_token_gc_run_end_timestamp_seconds 5\n"));
    CHECK(has(text, "\niam_token_gc_run_exit_code 69\n"));
    CHECK_FALSE(has(text, "last_success"));
}

TEST_CASE("the last success is read back from the metrics of an earlier run") {
    CHECK(last_success_in(report::run_metrics({}, {.ended = 5, .last_success = 1'777'636'800})) ==
          1'777'636'800);
    CHECK_FALSE(last_success_in(report::run_metrics({}, {.ended = 5})).has_value());
}

TEST_CASE("a last success is not read from a text that is something else") {
    CHECK_FALSE(last_success_in("").has_value());
    const std::string start = "\niam_token_gc_run_last_success_timestamp_seconds ";
    CHECK_FALSE(last_success_in(start).has_value());
    CHECK_FALSE(last_success_in(start + "12").has_value());
    CHECK_FALSE(last_success_in(start + "soon\n").has_value());
    CHECK_FALSE(last_success_in(start + "1e9\n").has_value());
}
