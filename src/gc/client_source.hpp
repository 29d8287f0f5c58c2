// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/policy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// A registered client, as client_details has it. Names are data from outside: escape them before
// showing.
struct Client {
    Id id = 0;
    std::string client_id{};
    std::string name{};
};

// Access tokens of one client in one slice of the table; no client for tokens without one.
struct ClientTokens {
    std::optional<Id> client{};
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;
};

struct ClientSlice {
    std::vector<ClientTokens> tokens{};
    Id last = 0;  // where the next slice starts
    bool done = false;
};

// What the per-client report asks of a database: slices by primary key, counted by the server.
class ClientSource {
public:
    virtual ~ClientSource() = default;

    virtual ClientSlice count_tokens(Id after, util::TimePoint now, std::int64_t rows) = 0;
    virtual std::vector<Client> clients(Id after, std::int64_t rows) = 0;
};

}  // namespace gc
