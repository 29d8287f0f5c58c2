// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/policy.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// A registered client, as client_details has it. Names are data from outside: escape them before
// showing. Fields are empty where the schema has no such column.
struct Client {
    Id id = 0;
    std::string client_id{};
    std::string name{};
    std::optional<std::chrono::seconds> validity{};  // of access tokens; none: they never expire
    std::optional<std::chrono::seconds> refresh_validity{};
    std::optional<bool> dynamically_registered{};
    std::optional<bool> active{};
    std::optional<util::TimePoint> created{};
};

// What tables beside client_details tell about clients, one row for each thing told.
enum class ClientDetail { grant_type, contact, owner, last_used };

struct ClientNote {
    Id client = 0;
    std::string text{};
};

enum class TokenTable { access_token, refresh_token };

// A range of primary keys: above `after` and up to `last`.
struct IdRange {
    Id after = 0;
    Id last = 0;
};

struct TokenSlice {
    IdRange ids{};
    std::int64_t rows = 0;
};

// The access tokens of one client, of those in a slice, that expire in the same minute.
struct TokenGroup {
    std::optional<Id> client{};
    std::optional<util::TimePoint> minute{};  // none: never, or at a zero date of MySQL
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;
    std::int64_t left = 0;       // of the expired, those that expired at the cut-off or before
    std::int64_t renewable = 0;  // of the live, those with a refresh token
};

// The refresh tokens of one client, of those in a slice.
struct RefreshGroup {
    std::optional<Id> client{};
    std::int64_t live = 0;
    std::int64_t expired = 0;
    std::int64_t never_expiring = 0;
};

// How many tokens of one client, of those in a slice, belong to one user.
struct UserTokens {
    std::optional<Id> client{};
    std::string user{};
    std::int64_t tokens = 0;
    std::int64_t usable = 0;  // of these, those that did not expire
};

struct ClientTokens {
    std::optional<Id> client{};
    std::int64_t tokens = 0;
};

// What the per-client report asks of a database: slices by primary key, counted by the server. Each
// method is one statement and throws util::Error.
class ClientSource {
public:
    virtual ~ClientSource() = default;

    virtual std::vector<Client> clients(Id after, std::int64_t rows) = 0;
    // Nothing where the schema does not have it.
    virtual std::vector<ClientNote> notes(ClientDetail detail, IdRange clients) = 0;

    // The next rows above that id, or no rows.
    virtual TokenSlice slice(TokenTable table, Id after, std::int64_t rows) = 0;
    virtual std::vector<TokenGroup> access_tokens(IdRange ids, const Policy& policy) = 0;
    virtual std::vector<RefreshGroup> refresh_tokens(IdRange ids, const Policy& policy) = 0;
    virtual std::vector<UserTokens> users(TokenTable table, IdRange ids, const Policy& policy) = 0;
    // Never-expiring access tokens with the scope of a registration (iam-database.md 6, never 1).
    virtual std::vector<ClientTokens> registrations(IdRange ids) = 0;

    // What the token tables and those below them take, indexes included, as the server estimates.
    virtual std::int64_t bytes() = 0;
};

}  // namespace gc
