// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"
#include "sim/session.hpp"

#include <vector>

namespace sim {

// The first 32 clients are those of a stress test (iam-database.md 7, shape of the incident).
inline constexpr int k_stress_clients = 32;

// Every client's access_token_validity_seconds: four days, as pilots have.
inline constexpr Seconds k_token_validity = 345'600;

// Every client's refresh_token_validity_seconds: thirty days.
inline constexpr Seconds k_refresh_validity = 2'592'000;

// clear_access_tokens_on_refresh and reuse_refresh_tokens of a client, by its number.
inline constexpr bool clears_on_refresh(int client) {
    return client % 2 == 0;
}
inline constexpr bool reuses_refresh_tokens(int client) {
    return client % 4 != 0;
}

// The numeric ids (client_details.id) of clients 0 to count - 1. Makes those that are missing, and
// the users' accounts where the schema has them.
std::vector<Id> ensure_clients(Session& session, int count);

}  // namespace sim
