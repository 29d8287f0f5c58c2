// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/client_source.hpp"
#include "report/document.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace report {

// Access tokens of one client.
struct ClientFigures {
    std::string client_id{};  // empty: the tokens name a client that does not exist, or none
    std::string name{};
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;
    double share = 0;  // of all access tokens, 0 to 1

    std::int64_t total() const { return live + expired + never_expiring; }
};

struct ClientDocument {
    Head head{};
    util::TimePoint now{};
    std::int64_t total = 0;
    std::vector<ClientFigures> clients{};  // most tokens first
};

// Reads the table in slices of that many rows; ends early when a stop is requested. Memory grows
// with the number of clients, not of tokens.
ClientDocument client_figures(gc::ClientSource& source, util::TimePoint now,
                              const std::stop_token& stop, std::int64_t slice_rows = 20'000);

std::string to_json(const ClientDocument& document);
std::string to_text(const ClientDocument& document);

}  // namespace report
