// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace gc {

// From where on the per-client report flags a client: at the value or above; 0 switches a flag off.
struct FlagSettings {
    double flood = 1;    // tokens a second over ten minutes; the server itself removes 0.33 (1.14)
    double share = 0.3;  // of all access tokens
    double burst = 8;    // scaled median absolute deviations above the median
    std::int64_t hoarder = 10'000;  // live access tokens
    double no_reuse = 20;           // live access tokens per user at once
    std::chrono::milliseconds long_lived = std::chrono::days{7};  // lifetime of access tokens
    std::int64_t never_expires = 1;    // access tokens without an expiration
    double refresh_pileup = 50;        // refresh tokens per user that nobody uses
    std::int64_t unknown_client = 10;  // access tokens of no client
    std::int64_t inactive_client = 1;  // live access tokens of a suspended client
    // Up to so many live tokens per user a client is busy and not a problem: no flood, share, burst
    // or hoarder, however much it is.
    double fair_use = 10;
    // A client with fewer tokens is too small for share, burst, no_reuse and refresh_pileup.
    std::int64_t min_tokens = 1000;
};

// What the forecast asks "how long until" for; 0: nothing.
struct ForecastSettings {
    std::int64_t limit_rows = 10'000'000;  // access tokens
    std::int64_t limit_bytes = 0;          // of the token tables
};

}  // namespace gc
