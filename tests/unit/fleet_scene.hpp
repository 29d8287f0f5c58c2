// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/fake_clients.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace test {

// How one client has behaved until now.
struct Behaviour {
    double per_minute = 1;                                     // tokens it asks for
    std::chrono::minutes since = std::chrono::hours{24 * 30};  // how long it has done so
    std::chrono::minutes lifetime{60};
    int users = 0;  // whose tokens they are, in turn; 0: the client's own
};

// Adds a client of that behaviour and returns its number. Tokens are in the table until an hour
// after they expired, as a run leaves it.
inline gc::Id add_client(FakeClients& source, const Behaviour& how) {
    const auto id = static_cast<gc::Id>(source.registered.size()) + 1;
    source.registered.push_back({.id = id,
                                 .client_id = fmt::format("client-{}", id),
                                 .validity = how.lifetime,
                                 .active = true});
    FakeSlice& slice = source.slices.emplace_back();
    const std::chrono::minutes kept = how.lifetime + std::chrono::hours{1};
    double owed = 0;
    std::int64_t tokens = 0;
    std::int64_t live = 0;
    for (std::chrono::minutes ago = std::min(how.since, kept) - std::chrono::minutes{1};
         ago.count() >= 0; --ago) {
        owed += how.per_minute;
        const auto now = static_cast<std::int64_t>(owed);
        owed -= static_cast<double>(now);
        if (now > 0) {
            slice.groups.push_back(tokens_at(id, k_report_now - ago + how.lifetime, now));
            tokens += now;
            live += slice.groups.back().live;
        }
    }
    for (std::int64_t user = 0; user < std::min<std::int64_t>(how.users, tokens); ++user) {
        slice.users.push_back({.client = id,
                               .user = fmt::format("user-{}-{}", id, user),
                               .tokens = tokens / how.users,
                               .usable = user < live ? 1 : 0});
    }
    return id;
}

// A few dozen clients as every server has them, none of which is to be flagged.
inline void add_ordinary_clients(FakeClients& source) {
    for (int i = 0; i < 40; ++i) {
        add_client(source, {.per_minute = 0.02 * (1 + i % 10), .users = i % 3 == 0 ? 20 : 0});
    }
}

inline const report::ClientFigures& figures_of(const report::Fleet& fleet, gc::Id id) {
    const auto found = std::ranges::find_if(
        fleet.clients, [&](const report::ClientFigures& client) { return client.id == id; });
    REQUIRE(found != fleet.clients.end());
    return *found;
}

inline bool has_flag(const report::ClientFigures& client, report::FlagName name) {
    return std::ranges::any_of(client.flags,
                               [&](const report::Flag& flag) { return flag.name == name; });
}

}  // namespace test
