// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/content.hpp"
#include "sim/family.hpp"
#include "sim/session.hpp"

#include <optional>

namespace sim {

// Single rows as the server's ORM writes and removes them: one statement for each row, parents
// before satellites, and on removal satellites before parents (iam-database.md 5.2, 5.3). To be
// called inside a transaction.

struct SavedHolder {
    Holder holder{};
    std::optional<UserAuth> user_auth{};
};

SavedHolder insert_holder(Session& session, const HolderContent& content);

// What a new access token is made of; the id is given by the database.
struct NewToken {
    AccessToken token{};
    Id client = 0;  // client_details.id
    int client_number = 0;
    Id holder = 0;
    std::optional<Id> refresh{};
    Texts scopes{};
};

AccessToken insert_access_token(Session& session, const NewToken& token);

// Returns the token with the id it got.
RefreshToken insert_refresh_token(Session& session, const RefreshToken& token, Id holder,
                                  Id client);

// Removes an access token; the number of access_token rows that were still there, 0 or 1.
std::int64_t remove_access_token(Session& session, Id id);

// Removes a holder with its satellites and its user authentication.
void remove_holder(Session& session, Id holder, std::optional<Id> user_auth);

}  // namespace sim
