// SPDX-License-Identifier: Apache-2.0
#include "report/run_metrics.hpp"

#include "report/metrics.hpp"
#include "report/units.hpp"

#include <fmt/format.h>

#include <charconv>

namespace report {

namespace {

constexpr std::string_view k_last_success = "run_last_success_timestamp_seconds";

void add_outcome(MetricsText& metrics, const RunDocument& document, const RunMoments& moments) {
    metrics.family("run_end_timestamp_seconds", "When the last run ended.");
    metrics.sample(moments.ended);
    metrics.family(k_last_success, "When the last run ended that ended with exit code 0.");
    if (moments.last_success) {
        metrics.sample(*moments.last_success);
    }
    metrics.family("run_exit_code", "Exit code of the last run; 0 is success.");
    metrics.sample(std::int64_t{document.exit_code});
    metrics.family("run_stop_reason", "Why the last run stopped; always 1.");
    metrics.sample(std::int64_t{1}, {{"reason", document.stop_reason}});
    metrics.family("run_info", "What ran on what; always 1.");
    metrics.sample(std::int64_t{1}, {{"version", document.head.version},
                                     {"server", document.head.server},
                                     {"database", document.head.database},
                                     {"level", document.head.level}});
}

void add_rows(MetricsText& metrics, const gc::RunReport& run) {
    metrics.family("run_expected_rows", "Rows that had expired when the last run began.");
    for (const auto& [target, rows] : run.plan.expected) {
        metrics.sample(rows, {{"target", gc::name(target)}});
    }
    metrics.family("run_scanned_rows", "Rows that the last run looked at.");
    for (const auto& [target, tally] : run.tally) {
        metrics.sample(tally.scanned, {{"target", gc::name(target)}});
    }
    metrics.family("run_removed_rows", "Rows that the last run removed.");
    for (const auto& [target, tally] : run.tally) {
        metrics.sample(tally.removed, {{"target", gc::name(target)}});
    }
    metrics.family("run_touched_rows", "Rows that the last run removed, satellites included.");
    metrics.sample(gc::rows_touched(run.tally));
}

void add_course(MetricsText& metrics, const gc::RunReport& run) {
    metrics.family("run_duration_seconds", "How long the last run removed rows, pauses included.");
    metrics.sample(in_seconds(run.elapsed));
    metrics.family("run_paused_seconds", "How long the last run paused, by reason.");
    for (const auto& [reason, duration] : run.pauses) {
        metrics.sample(in_seconds(duration), {{"reason", reason}});
    }
    metrics.family("run_longest_batch_seconds", "The longest transaction of the last run.");
    metrics.sample(in_seconds(run.longest_batch));
    metrics.family("run_batches", "Transactions of the last run.");
    metrics.sample(run.batches);
    metrics.family("run_conflicts", "Transactions of the last run that were tried again.");
    metrics.sample(run.conflicts);
    metrics.family("run_blocking_batches", "Batches of the last run that kept others waiting.");
    metrics.sample(run.blocked_others);
}

}  // namespace

std::string run_metrics(const RunDocument& document, const RunMoments& moments) {
    MetricsText metrics;
    add_outcome(metrics, document, moments);
    add_rows(metrics, document.run);
    add_course(metrics, document.run);
    return metrics.text();
}

std::optional<std::int64_t> last_success_in(std::string_view metrics) {
    const std::string start = fmt::format("\niam_token_gc_{} ", k_last_success);
    const auto found = metrics.find(start);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    metrics.remove_prefix(found + start.size());
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(metrics.data(), metrics.data() + metrics.size(), value);
    const bool whole =
        error == std::errc{} && end != metrics.data() + metrics.size() && *end == '\n';
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace report
