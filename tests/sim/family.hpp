// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace sim {

using Id = std::int64_t;

// Seconds since 1970, UTC, as all expirations are kept.
using Seconds = std::int64_t;

struct AccessToken {
    Id id = 0;
    std::uint64_t nonce = 0;  // what the token's value is made from
    Seconds issued = 0;
    std::optional<Seconds> expiration{};
    std::int64_t scopes = 0;
};

struct RefreshToken {
    Id id = 0;
    std::uint64_t nonce = 0;
    std::optional<Seconds> expiration{};
};

// A holder with the exact number of its satellites.
struct Holder {
    Id id = 0;
    std::int64_t scopes = 0;
    std::int64_t parameters = 0;
    std::int64_t extensions = 0;
    std::int64_t authorities = 0;
    std::int64_t response_types = 0;
};

struct UserAuth {
    Id id = 0;
    std::int64_t authorities = 0;
    std::int64_t infos = 0;
    int user = 0;  // whose it is, by number
};

struct Code {
    Id id = 0;
    std::uint64_t nonce = 0;
    Seconds expiration = 0;
};

struct DeviceCode {
    Id id = 0;
    std::uint64_t nonce = 0;
    Seconds expiration = 0;
    std::int64_t scopes = 0;
    std::int64_t parameters = 0;
};

// A holder and everything that keeps it alive: what one login, or one client's request, left
// behind. Each row named here is promised to be in the database, whole.
struct Family {
    int client = 0;
    std::optional<Holder> holder{};
    std::optional<UserAuth> user_auth{};
    std::optional<RefreshToken> refresh{};
    std::vector<AccessToken> tokens{};
    std::optional<Code> code{};
    std::optional<DeviceCode> device{};
};

// Whether nothing keeps the family's holder alive any more.
inline bool is_gone(const Family& family) {
    return !family.refresh && family.tokens.empty() && !family.code && !family.device;
}

// The family without the rows that were allowed to go at `moment`: those that had expired by then,
// and the holder when none of the others is left. A row that expires at the moment itself is
// expired (iam-database.md 6, safe rule 1).
inline Family still_promised(Family family, Seconds moment) {
    const auto expired = [moment](const std::optional<Seconds>& expiration) {
        return expiration && *expiration <= moment;
    };
    std::erase_if(family.tokens,
                  [&](const AccessToken& token) { return expired(token.expiration); });
    if (family.refresh && expired(family.refresh->expiration)) {
        family.refresh.reset();
    }
    if (family.code && expired(family.code->expiration)) {
        family.code.reset();
    }
    if (family.device && expired(family.device->expiration)) {
        family.device.reset();
    }
    if (is_gone(family)) {
        family.holder.reset();
        family.user_auth.reset();
    }
    return family;
}

}  // namespace sim
