// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// Everything here is made up from a nonce: shaped like the real thing (iam-database.md 7, lengths)
// and of no use anywhere.

// 36 characters; the same nonce gives the same text.
std::string uuid(std::uint64_t nonce);

// A JWT of about 840 to 1000 characters. All begin alike, as those of one server do; the tokens of
// one client differ well within the first 766 characters and sort by expiration.
std::string access_token_value(const AccessToken& token, int client);

// 64 hexadecimal digits, the token_value_hash. Not a digest of the value: at 1.8.3 it was none
// either.
std::string access_token_hash(const AccessToken& token);

// 105 characters with an expiration, 83 without.
std::string refresh_token_value(const RefreshToken& token);

// 22 characters, an authorization code.
std::string code_value(std::uint64_t nonce);

// 6 characters, what a user types to approve a device.
std::string user_code_value(std::uint64_t nonce);

// The client_id of a client, by its number.
std::string client_id(int client);

// SQL literals. The texts of the simulator hold no backslash, so doubled quotes are enough.
std::string quoted(std::string_view text);
std::string sql_time(Seconds moment);
std::string sql_time(const std::optional<Seconds>& moment);

// The machine's clock.
Seconds now();

}  // namespace sim
