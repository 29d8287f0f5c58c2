// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/target.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// A refresh token that no access token refers to, and when a run first found it so.
struct IdleToken {
    Id id = 0;
    util::TimePoint since{};
};

// An access token that was live when a run looked. A run removes it only after it looked again, so
// if it is gone before that, somebody else removed it.
struct IdleWitness {
    Id access_token = 0;
    Id refresh_token = 0;
    util::TimePoint expiration{};
};

// What runs remember of refresh tokens for the next (refresh_unused.file), because the database has
// no date of their last use. 16 bytes for each that is idle.
struct IdleMemory {
    Id top = 0;  // the highest id of a refresh token there was
    // When witnesses last showed that an access token stays until a run has looked at it.
    std::optional<util::TimePoint> proved{};
    std::vector<IdleToken> tokens{};  // in ascending order of their ids
    std::vector<IdleWitness> witnesses{};

    // Since when every run found it without an access token; nothing when the last did not.
    std::optional<util::TimePoint> since(Id refresh_token) const;
};

// What became of the witnesses of the last look.
struct IdleProof {
    util::TimePoint at{};
    Id top = 0;
    // Of those that have expired since: the ones that are there, the ones that vanished and left
    // their refresh token without any access token, and the other ones that vanished: their refresh
    // token was used again, or is gone.
    std::int64_t shown = 0;
    std::int64_t erased = 0;
    std::int64_t replaced = 0;
};

// So long a proof counts: a server may be set not to store access tokens any more.
inline constexpr std::chrono::hours k_proof_lasts{72};

// Pure: why nothing that was remembered is worth anything; empty when it is. One in ten may vanish
// without a trace, because users revoke access tokens; and of one or two that were replaced nothing
// can be told.
std::string distrust(const IdleMemory& memory, const IdleProof& proof);

// Pure: what of the memory still counts; nothing where there is distrust. It is a proof when more
// witnesses are there than were replaced.
IdleMemory proved(const IdleMemory& memory, const IdleProof& proof);

// Pure: the memory after a look at that moment, which found these refresh tokens, in any order,
// without an access token. A token that had one in between begins anew.
IdleMemory remembered(const IdleMemory& memory, util::TimePoint at, std::vector<Id> idle);

}  // namespace gc
