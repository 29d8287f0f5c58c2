// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sim {

// What the simulated server is asked for. The last three follow from others: a code is redeemed, a
// device is approved and polls.
enum class Operation {
    client_credentials,
    authorize,
    device_create,
    exchange,
    refresh,
    revoke,
    introspect,
    redeem,
    device_approve,
    device_poll,
};

inline constexpr std::size_t k_operations = 10;
inline constexpr std::size_t k_starting_operations = 7;

inline constexpr std::array<std::string_view, k_operations> k_operation_names{
    "client_credentials", "authorize", "device_create",  "exchange",   "refresh", "revoke",
    "introspect",         "redeem",    "device_approve", "device_poll"};

inline constexpr std::string_view name(Operation operation) {
    return k_operation_names[static_cast<std::size_t>(operation)];
}

inline std::optional<Operation> operation_named(std::string_view text) {
    for (std::size_t index = 0; index < k_operations; ++index) {
        if (k_operation_names[index] == text) {
            return static_cast<Operation>(index);
        }
    }
    return std::nullopt;
}

// Whether a user waits for a token: these together are "issuance" in the figures.
inline constexpr bool issues(Operation operation) {
    switch (operation) {
    case Operation::client_credentials:
    case Operation::exchange:
    case Operation::refresh:
    case Operation::redeem:
    case Operation::device_poll:
        return true;
    default:
        return false;
    }
}

}  // namespace sim
