// SPDX-License-Identifier: Apache-2.0
#include "config/report_keys.hpp"

#include "config/key_builders.hpp"
#include "util/url.hpp"

#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr double k_most = 1e9;

void add_rate_flags(std::vector<Key>& keys) {
    keys.push_back(number_key(
        {"flags.flood", "--flag-flood",
         "Flag a client beyond fair use from that many tokens a second over ten minutes on, 0 for "
         "never"},
        {0, k_most}, [](auto& config) -> auto& { return config.flags.flood; }));
    keys.push_back(number_key(
        {"flags.share", "--flag-share", "From that share of all access tokens on, 0 for never"},
        {0, 1}, [](auto& config) -> auto& { return config.flags.share; }));
    keys.push_back(number_key(
        {"flags.burst", "--flag-burst",
         "From that many deviations (scaled MAD) above the median of its own past and of the other "
         "clients on, 0 for never"},
        {0, k_most}, [](auto& config) -> auto& { return config.flags.burst; }));
    keys.push_back(whole_number_key(
        {"flags.hoarder", "--flag-hoarder", "From that many live access tokens on, 0 for never"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.flags.hoarder; }));
    keys.push_back(number_key(
        {"flags.no_reuse", "--flag-no-reuse",
         "From that many live access tokens per user at once on, fair use or not, 0 for never"},
        {0, k_most}, [](auto& config) -> auto& { return config.flags.no_reuse; }));
}

void add_state_flags(std::vector<Key>& keys) {
    keys.push_back(duration_key(
        {"flags.long_lived", "--flag-long-lived",
         "From that lifetime of access tokens on, fair use or not, 0s for never"},
        {0s, days{36'500}}, [](auto& config) -> auto& { return config.flags.long_lived; }));
    keys.push_back(whole_number_key(
        {"flags.never_expires", "--flag-never-expires",
         "From that many access tokens without an expiration on, those of registrations not "
         "counted, 0 for never"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.flags.never_expires; }));
    keys.push_back(number_key(
        {"flags.refresh_pileup", "--flag-refresh-pileup",
         "From that many refresh tokens per user without a live access token on, 0 for never"},
        {0, k_most}, [](auto& config) -> auto& { return config.flags.refresh_pileup; }));
    keys.push_back(whole_number_key(
        {"flags.unknown_client", "--flag-unknown-client",
         "From that many access tokens of no registered client on, 0 for never"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.flags.unknown_client; }));
    keys.push_back(whole_number_key(
        {"flags.inactive_client", "--flag-inactive-client",
         "From that many live access tokens of a suspended client on, 0 for never"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.flags.inactive_client; }));
}

}  // namespace

void add_flag_keys(std::vector<Key>& keys) {
    add_rate_flags(keys);
    add_state_flags(keys);
    keys.push_back(number_key(
        {"flags.fair_use", "--fair-use",
         "Live access tokens per user at once up to which a client is no flood, burst or hoarder "
         "and has no share too large"},
        {0, k_most}, [](auto& config) -> auto& { return config.flags.fair_use; }));
    keys.push_back(whole_number_key(
        {"flags.min_tokens", "--flag-min-tokens",
         "Tokens that a client has at least before share, burst, no_reuse or refresh_pileup flags "
         "it"},
        {1, k_no_limit}, [](auto& config) -> auto& { return config.flags.min_tokens; }));
    keys.push_back(whole_number_key(
        {"forecast.limit_rows", "--limit-rows",
         "Access tokens for which the forecast says when there are that many, 0 for none"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.forecast.limit_rows; }));
    keys.push_back(whole_number_key(
        {"forecast.limit_bytes", "--limit-bytes", "The same in bytes of the token tables"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.forecast.limit_bytes; }));
    keys.push_back(text_key(
        {"state.file", "--state-file",
         "Where report and run keep the little history that the forecast needs, written "
         "as a whole and readable by its owner only; empty for nowhere"},
        "FILE", [](auto& config) -> auto& { return config.state_file; }));
}

void add_report_keys(std::vector<Key>& keys) {
    keys.push_back(
        {.path = "report.database_url",
         .option = "--report-database-url",
         .placeholder = "URL",
         .type = ValueType::text,
         .help = "Where the command report reads instead of database.url, such as a replica; empty "
                 "for there",
         .parse =
             [](Config& config, std::string_view text) {
                 config.report.database_url = text.empty() ? std::string{} : parse_url(text);
             },
         .print =
             [](const Config& config) {
                 return config.report.database_url.empty()
                            ? std::string{}
                            : util::without_password(config.report.database_url);
             }});
    keys.push_back(choice_key(
        {"report.fail_on", "--fail-on",
         "What makes the command report end with exit code 1, for alarms"},
        k_fail_on, [](auto& config) -> auto& { return config.report.fail_on; }));
    keys.push_back(whole_number_key(
        {"report.top", "--top", "Clients that report names beside the flagged ones"}, {1, 1000},
        [](auto& config) -> auto& { return config.report.top; }));
}

}  // namespace config
