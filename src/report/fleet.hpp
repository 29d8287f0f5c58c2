// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/policy.hpp"
#include "report/document.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace report {

// Tokens of one kind, by the moment of the report. Registration tokens are not in it.
struct TokenCounts {
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;

    std::int64_t total() const { return live + expired + never_expiring; }
    TokenCounts& operator+=(const TokenCounts& other) {
        live += other.live;
        expired += other.expired;
        never_expiring += other.never_expiring;
        return *this;
    }
};

// Access tokens issued per second. A token's moment of issue is its expiration minus the validity
// that its client has now; tokens that are gone already do not count.
struct IssueRates {
    double now = 0;  // over the last ten minutes
    double last_hour = 0;
    double last_day = 0;
    double last_week = 0;
    double peak = 0;  // over the minute with most
    std::optional<util::TimePoint> peak_at{};
};

// Access tokens issued in the hour that starts at that moment.
struct IssueBucket {
    util::TimePoint start{};
    std::int64_t issued = 0;
};

enum class FlagName {
    flood,
    share,
    burst,
    hoarder,
    no_reuse,
    long_lived,
    never_expires,
    refresh_pileup,
    unknown_client,
    inactive_client,
};

// "flood", "no_reuse", ...
std::string_view name(FlagName flag);

// A rule that a client tripped.
struct Flag {
    FlagName name = FlagName::flood;
    std::string client_id{};  // empty for tokens without a registered client
    double figure = 0;        // what tripped it, in the unit of the threshold
    double threshold = 0;     // the value of flags.NAME
    std::string sentence{};   // "issues 98.3 tokens a second, more than 10"
    std::string advice{};     // one sentence for the operator
};

// Everything the report knows about one client. Text fields are data from outside: escape them in
// every format. Optional fields are empty where this schema has no such column.
struct ClientFigures {
    std::optional<gc::Id> id{};  // client_details.id; empty for the sum of unknown clients
    std::string client_id{};     // empty: the tokens name a client that does not exist, or none
    std::string name{};
    std::optional<bool> active{};
    std::optional<bool> dynamically_registered{};
    std::vector<std::string> grant_types{};
    std::vector<std::string> contacts{};
    std::vector<std::string> owners{};  // user names of the accounts that own it
    std::optional<util::TimePoint> created{};
    std::optional<util::TimePoint> last_used{};

    TokenCounts access{};
    TokenCounts refresh{};
    std::int64_t registration = 0;  // registration and resource tokens
    std::int64_t idle_refresh = 0;  // usable refresh tokens without a live access token
    double share = 0;               // of all access tokens, 0 to 1
    std::int64_t bytes = 0;         // estimate: tokens with all that hangs on them and indexes
    std::optional<std::chrono::seconds> lifetime{};  // validity of its access tokens
    std::optional<std::chrono::seconds> refresh_lifetime{};

    IssueRates rates{};
    std::optional<util::TimePoint> first_issued{};
    std::optional<util::TimePoint> last_issued{};
    std::vector<IssueBucket> history{};  // the hours of the last week, oldest first; or none

    std::int64_t users = 0;  // distinct users; exact to 256, then within 2.3 % (standard error)
    std::int64_t live_users = 0;  // those with a usable token
    double tokens_per_user = 0;   // access tokens of users / users, 0 without users
    // Usable access tokens per user (per client where there is no user) at this moment; above 1, it
    // asks for a new token while the old one is good.
    double tokens_per_lifetime = 0;
    // lifetime / tokens_per_lifetime: mean time between two tokens of a user; 0 where that is not
    // known.
    double seconds_between = 0;
    double burst_score = 0;  // of the last ten minutes, see flags.hpp

    std::optional<std::int64_t> removed{};  // by the last run, from the state file
    std::int64_t left = 0;                  // expired longer than the grace ago, still there

    std::vector<Flag> flags{};

    std::int64_t total() const { return access.total() + registration; }
    bool flagged() const { return !flags.empty(); }
};

// Sums over all clients.
struct FleetTotals {
    TokenCounts access{};
    TokenCounts refresh{};
    std::int64_t registration = 0;
    std::int64_t bytes = 0;  // of the token tables and what hangs on them, as the server says
    double bytes_per_token = 0;
    std::int64_t left = 0;  // backlog: access tokens expired longer than the grace ago
    std::int64_t clients = 0;
    std::int64_t flagged = 0;
    std::vector<IssueBucket> history{};  // as for a client
};

// One look at the database, from the state file; the newest is that of this report.
struct HistoryPoint {
    util::TimePoint at{};
    std::int64_t tokens = 0;   // access tokens
    std::int64_t backlog = 0;  // of these, expired longer than the grace ago
    std::int64_t bytes = 0;
};

// What the last run removed, from the state file.
struct LastRun {
    util::TimePoint at{};
    std::int64_t removed = 0;      // access tokens
    double tokens_per_second = 0;  // over the whole run, pauses included
    std::string stop_reason{};
};

// Where the tables are going. Tokens are access tokens.
struct Forecast {
    double inflow_per_day = 0;
    std::optional<double> outflow_per_day{};  // needs the state file
    std::optional<double> backlog_per_day{};  // trend, above 0 it grows; needs the state file
    double steady_tokens = 0;                 // rate x (lifetime + grace), summed over clients
    double steady_bytes = 0;
    std::int64_t limit_rows = 0;  // forecast.limit_rows, 0: none
    std::int64_t limit_bytes = 0;
    double growth_per_day = 0;  // tokens; from the state file, else what comes in unless removed
    bool growth_measured = false;
    // Until the limit is reached at today's growth; empty: not at this growth.
    std::optional<std::chrono::seconds> until_rows{};
    std::optional<std::chrono::seconds> until_bytes{};
    double removal_per_second = 0;                 // what a run removes at this throttle
    bool removal_measured = false;                 // by the last run; else assumed
    std::chrono::seconds backlog_time{0};          // backlog / removal_per_second
    std::optional<std::chrono::seconds> window{};  // what a run has: throttle.window, max_time
    double server_capacity_per_day = 28'800;       // the server's own clean-up at 1.14
    std::vector<HistoryPoint> past{};              // oldest first
    std::vector<HistoryPoint> future{};            // projection at today's rates
    std::vector<std::string> sentences{};          // the same in words
};

// The per-client report: the model of every format.
struct Fleet {
    Head head{};
    util::TimePoint now{};  // of the database
    std::chrono::milliseconds elapsed{0};
    bool complete = true;  // false: stopped by a signal, figures are of what was read so far
    FleetTotals totals{};
    std::vector<ClientFigures> clients{};  // flagged first, then most tokens first
    Forecast forecast{};
    std::optional<LastRun> last_run{};
    std::vector<std::string> warnings{};
    int exit_code = 0;
};

}  // namespace report
