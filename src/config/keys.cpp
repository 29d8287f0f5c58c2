// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include "config/contract_keys.hpp"
#include "config/database_keys.hpp"
#include "config/early_keys.hpp"
#include "config/key_builders.hpp"
#include "config/report_keys.hpp"
#include "config/throttle_keys.hpp"
#include "util/closest.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

std::string target_help(gc::Target target) {
    switch (target) {
    case gc::Target::access_token:
        return "Collect expired access tokens";
    case gc::Target::refresh_token:
        return "Collect expired refresh tokens without an access token that is not expired";
    case gc::Target::authorization_code:
        return "Collect expired authorization codes";
    case gc::Target::device_code:
        return "Collect expired device codes";
    case gc::Target::authentication_holder:
        return "Collect authentication holders that nothing refers to";
    case gc::Target::saved_user_auth:
        return "Collect user authentications that no holder refers to";
    case gc::Target::satellite:
        return "Collect scopes, parameters and the like whose owner does not exist";
    case gc::Target::permission_ticket:
        return "Collect expired permission tickets";
    case gc::Target::permission:
        return "Collect permissions that no token and no ticket uses";
    case gc::Target::iam_revoked_at:
        return "Collect expired entries of the list of revoked access tokens";
    case gc::Target::spring_session:
        return "Collect expired web sessions";
    }
    return {};
}

Key target_key(gc::Target target) {
    return {.path = fmt::format("targets.{}", gc::name(target)),
            .option = {},
            .placeholder = {},
            .type = ValueType::boolean,
            .help = fmt::format("{}; true or false", target_help(target)),
            .parse =
                [=](Config& config, std::string_view text) {
                    if (parse_boolean(text)) {
                        config.gc.policy.switched_off.erase(target);
                    } else {
                        config.gc.policy.switched_off.insert(target);
                    }
                },
            .print =
                [=](const Config& config) {
                    return fmt::to_string(!config.gc.policy.switched_off.contains(target));
                }};
}

void add_policy_keys(std::vector<Key>& keys) {
    keys.push_back(duration_key(
        {"grace", "--grace", "How long a row is kept after it expired"}, {0s, days{3650}},
        [](auto& config) -> auto& { return config.gc.policy.grace; }));
    for (const gc::Target target : gc::k_targets) {
        keys.push_back(target_key(target));
    }
    keys.push_back(duration_key(
        {"orphans.margin", "--orphans-margin",
         "How old a holder or user authentication without references must be at least"},
        {1min, days{3650}}, [](auto& config) -> auto& { return config.gc.policy.orphans_margin; }));
}

void add_limit_keys(std::vector<Key>& keys) {
    keys.push_back(whole_number_key(
        {"limits.batch_size", "--batch-size", "Candidates in a batch at most"}, {1, 100'000},
        [](auto& config) -> auto& { return config.gc.limits.batch_size; }));
    keys.push_back(whole_number_key(
        {"limits.batch_rows", "--batch-rows",
         "Rows that a batch touches at most, satellites included"},
        {100, 1'000'000}, [](auto& config) -> auto& { return config.gc.limits.batch_rows; }));
    keys.push_back(duration_key(
        {"limits.batch_time", "--batch-time",
         "How long a batch should take, its size is adapted to that"},
        {10ms, 10s}, [](auto& config) -> auto& { return config.gc.limits.batch_time; }));
    keys.push_back(whole_number_key(
        {"limits.workers", "--workers",
         "Sessions that remove expired access tokens at the same time, each a batch of its own; "
         "one with an archive, a certificate or a plan, on SQLite and with several hosts"},
        {1, 8}, [](auto& config) -> auto& { return config.gc.limits.workers; }));
    keys.push_back(whole_number_key(
        {"limits.scan_rows", "--scan-rows",
         "Rows that a table may have which lacks the index a step needs, "
         "with more the step is refused"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.gc.limits.scan_rows; }));
    keys.push_back(whole_number_key(
        {"limits.max_rows", "--max-rows",
         "Rows that a run removes at most, satellites not counted, "
         "0 for no limit"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.gc.limits.max_rows; }));
    keys.push_back(duration_key(
        {"limits.max_time", "--max-time", "How long a run lasts at most, 0s for no limit"},
        {0s, days{365}}, [](auto& config) -> auto& { return config.gc.limits.max_time; }));
    keys.push_back(duration_key(
        {"limits.lock_wait", "--lock-wait",
         "How long a statement waits for a lock of somebody else, 0s to give way "
         "at once"},
        {0s, 30s}, [](auto& config) -> auto& { return config.gc.limits.lock_wait; }));
}

void add_retry_keys(std::vector<Key>& keys) {
    keys.push_back(whole_number_key(
        {"retry.attempts", "--retry-attempts",
         "Failed attempts in a row after which the run stops"},
        {1, 1000}, [](auto& config) -> auto& { return config.gc.retry.attempts; }));
    keys.push_back(duration_key(
        {"retry.first_delay", "--retry-first-delay",
         "How long to wait after the first failed attempt, doubled after each more"},
        {1ms, 1min}, [](auto& config) -> auto& { return config.gc.retry.first_delay; }));
    keys.push_back(duration_key(
        {"retry.longest_delay", "--retry-longest-delay",
         "How long to wait between two attempts at most"},
        {1ms, 10min}, [](auto& config) -> auto& { return config.gc.retry.longest_delay; }));
}

void add_clock_keys(std::vector<Key>& keys) {
    keys.push_back(flag_key(
        {"clock.ignore", "--ignore-clock-check",
         "Run even if the newest tokens seem to come from another time zone"},
        [](auto& config) -> auto& { return config.gc.clock.ignore; }));
    // Zones differ by a quarter of an hour at least; a larger tolerance would hide one.
    keys.push_back(duration_key(
        {"clock.tolerance", "--clock-tolerance",
         "How far the database's clock and the newest tokens may disagree"},
        {1s, 14min}, [](auto& config) -> auto& { return config.gc.clock.tolerance; }));
    keys.push_back(duration_key(
        {"clock.host_tolerance", "--clock-host-tolerance",
         "How far the clocks of the database's host and of this machine may differ"},
        {1s, days{1}}, [](auto& config) -> auto& { return config.gc.clock.host_tolerance; }));
}

void add_output_keys(std::vector<Key>& keys) {
    keys.push_back(choice_key(
        {"report.format", "--format",
         "How the report is written; commands but report know the first two"},
        k_report_formats, [](auto& config) -> auto& { return config.report.format; }));
    keys.push_back({.path = "report.file",
                    .option = "--output",
                    .placeholder = "FILE",
                    .type = ValueType::text,
                    .help = "Where the report goes; empty or - for standard output",
                    .parse =
                        [](Config& config, std::string_view text) {
                            config.report.file = text == "-" ? std::string{} : parse_text(text);
                        },
                    .print = [](const Config& config) { return config.report.file; }});
    add_report_keys(keys);
    keys.push_back(flag_key(
        {"report.quiet", "--quiet",
         "Print nothing when all went well: no report on standard output, no log below a warning"},
        [](auto& config) -> auto& { return config.report.quiet; }));
    keys.push_back(
        {.path = "report.summary_file",
         .option = "--summary-file",
         .placeholder = "FILE",
         .type = ValueType::text,
         .help = "File that is there already and gets one line about how it ended, such as the "
                 "termination message of a container; empty for none",
         .parse = [](Config& config,
                     std::string_view text) { config.report.summary_file = parse_text(text); },
         .print = [](const Config& config) { return config.report.summary_file; }});
    keys.push_back({.path = "metrics.file",
                    .option = "--metrics-file",
                    .placeholder = "FILE",
                    .type = ValueType::text,
                    .help = "Where a run that is no dry run writes how it ended, for the textfile "
                            "collector of node_exporter; empty for nowhere",
                    .parse = [](Config& config,
                                std::string_view text) { config.metrics.file = parse_text(text); },
                    .print = [](const Config& config) { return config.metrics.file; }});
    keys.push_back(choice_key(
        {"log.level", "--log-level", "How much is logged to standard error"}, k_log_levels,
        [](auto& config) -> auto& { return config.log.level; }));
    keys.push_back(choice_key(
        {"log.format", "--log-format", "How log lines are written"}, k_formats,
        [](auto& config) -> auto& { return config.log.format; }));
}

std::vector<Key> make_keys() {
    std::vector<Key> keys;
    add_database_keys(keys);
    add_policy_keys(keys);
    add_early_keys(keys);
    add_limit_keys(keys);
    add_retry_keys(keys);
    add_throttle_keys(keys);
    add_safety_keys(keys);
    add_clock_keys(keys);
    add_flag_keys(keys);
    add_contract_keys(keys);
    add_output_keys(keys);
    return keys;
}

}  // namespace

const std::vector<Key>& keys() {
    static const std::vector<Key> table = make_keys();
    return table;
}

const Key* find_key(std::string_view path) {
    const auto found = std::find_if(keys().begin(), keys().end(),
                                    [&](const Key& key) { return key.path == path; });
    return found == keys().end() ? nullptr : &*found;
}

std::string_view section_of(const Key& key) {
    const auto dot = key.path.find('.');
    return dot == std::string::npos ? std::string_view{}
                                    : std::string_view(key.path).substr(0, dot);
}

std::string environment_name(const Key& key) {
    std::string name = "IAM_TOKEN_GC_";
    for (const char character : key.path) {
        name += character == '.'
                    ? '_'
                    : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    }
    return name;
}

std::string default_of(const Key& key) {
    return key.print(Config{});
}

std::string unknown_key(std::string_view path) {
    std::vector<std::string> paths;
    for (const Key& key : keys()) {
        paths.push_back(key.path);
    }
    return "unknown key" + util::did_you_mean(path, paths);
}

}  // namespace config
