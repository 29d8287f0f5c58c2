// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/client_source.hpp"
#include "report/distinct.hpp"
#include "report/issue_tally.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace report {

// What was counted for one client.
struct ClientTally {
    gc::Client client{};  // id 0: no client, or one that is not registered
    std::vector<std::string> grant_types{};
    std::vector<std::string> contacts{};
    std::vector<std::string> owners{};
    std::optional<util::TimePoint> last_used{};
    TokenCounts access{};
    TokenCounts refresh{};
    std::int64_t registration = 0;
    std::int64_t renewable = 0;  // live access tokens with a refresh token
    std::int64_t left = 0;
    IssueTally issued{};
    DistinctCount users{};
    DistinctCount live_users{};  // with a token that is usable
    std::int64_t user_tokens = 0;
};

struct FleetTally {
    std::map<gc::Id, ClientTally> clients{};
    std::optional<util::TimePoint>
        oldest_expired{};  // expiration of an access token, to the minute
    std::int64_t bytes = 0;
    bool complete = true;
    std::vector<std::string> warnings{};
};

struct ReadProgress {
    gc::TokenTable table = gc::TokenTable::access_token;
    std::int64_t rows = 0;  // looked at so far
};

struct ReadOptions {
    gc::Policy policy{};
    std::chrono::milliseconds batch_time{250};  // how long a statement should take at most
    std::stop_token stop{};
    std::function<void(const ReadProgress&)> progress{};
    std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
};

// Reads the tables in slices by primary key, which adapt so that the longest statement takes about
// batch_time; ends early when a stop is requested. Memory grows with the number of clients, not of
// tokens. What the account may not read is left out with a warning; other errors are thrown.
FleetTally read_fleet(gc::ClientSource& source, const ReadOptions& options);

}  // namespace report
