// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gc {

// The primary key of a row.
using Id = std::int64_t;

// A kind of row to collect, in the order in which a run works on them (architecture.md "Flow").
enum class Target {
    access_token,
    refresh_token,
    authorization_code,
    device_code,
    authentication_holder,
    saved_user_auth,
    satellite,  // rows whose owner does not exist, in tables where no foreign key prevents that
    permission_ticket,
    permission,
    iam_revoked_at,
    spring_session,
};

inline constexpr std::array k_targets{
    Target::access_token,   Target::refresh_token,         Target::authorization_code,
    Target::device_code,    Target::authentication_holder, Target::saved_user_auth,
    Target::satellite,      Target::permission_ticket,     Target::permission,
    Target::iam_revoked_at, Target::spring_session,
};

// The name in configuration, reports and JSON; the table's name except for satellites.
std::string_view name(Target target);

// The target of that name, or nothing.
std::optional<Target> target_of(std::string_view text);

// A child table whose rows belong to one owner row (architecture.md "Words"; iam-database.md 1).
struct Satellite {
    std::string_view table;
    std::string_view owner_column;
    std::string_view owner_table;
    std::string_view owner_key = "id";
};

// The satellites that go with a row of this target, in the server's lock order: scopes first
// (iam-database.md 3.7).
std::span<const Satellite> satellites_of(Target target);

// Every satellite of an id-keyed owner, for the ownerless ones.
std::span<const Satellite> all_satellites();

// Which target the holder or user authentication of a removed row belongs to: codes and tokens ->
// holder -> user authentication.
std::optional<Target> followed_by(Target target);

}  // namespace gc
