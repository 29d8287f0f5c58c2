// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/table_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

using Scopes = std::vector<std::string>;

struct Client {
    gc::Id id = 0;
    std::string client_id{};
    std::optional<std::int64_t> validity_seconds{};  // of access tokens
};

struct ClientSpec {
    std::string name = "client";
    std::optional<std::int64_t> validity_seconds = 3600;
    std::optional<std::int64_t> refresh_validity_seconds = 2'592'000;
    bool active = true;
};

struct UserAuthSpec {
    std::string name = "user";
    int authorities = 1;
    int information = 0;
};

// Numbers are rows in the satellites of the holder; one of each is the default, so that a case that
// says nothing has something to lose everywhere.
struct HolderSpec {
    std::optional<gc::Id> user_auth{};
    Scopes scopes{"openid"};
    int authorities = 1;
    int extensions = 1;
    int parameters = 1;
    int resources = 1;
    int response_types = 1;
};

struct AccessTokenSpec {
    std::optional<util::TimePoint> expiration{};
    std::optional<gc::Id> holder{};
    std::optional<gc::Id> refresh_token{};
    std::optional<gc::Id> client{};  // absent: the client of the writer
    std::optional<gc::Id> id_token{};
    Scopes scopes{"openid"};
};

struct DeviceCodeSpec {
    std::optional<util::TimePoint> expiration{};
    std::optional<gc::Id> holder{};
    int scopes = 1;
    int parameters = 1;
};

// The rows of an IAM, one call for a row with its satellites. What the database has no table or
// column for is left out. Token values are dummies that differ in their first characters.
class IamWriter {
public:
    IamWriter(db::Connection& connection, const Catalog& catalog) : m_rows(connection, catalog) {}

    const Catalog& catalog() const { return m_rows.catalog(); }
    db::Dialect dialect() const { return m_rows.dialect(); }
    TableWriter& rows() { return m_rows; }
    void flush() { m_rows.flush(); }

    Client client(const ClientSpec& spec);
    // Whose tokens and holders the calls below make; made on demand.
    const Client& current_client();
    void use_client(const Client& client) { m_client = client; }

    gc::Id user_auth(const UserAuthSpec& spec = {});
    gc::Id holder(const HolderSpec& spec = {});
    gc::Id access_token(const AccessTokenSpec& spec);
    gc::Id refresh_token(std::optional<util::TimePoint> expiration, std::optional<gc::Id> holder);
    gc::Id authorization_code(std::optional<util::TimePoint> expiration,
                              std::optional<gc::Id> holder);
    gc::Id device_code(const DeviceCodeSpec& spec);

    gc::Id permission(const Scopes& scopes);
    void grant(gc::Id access_token, gc::Id permission);
    gc::Id permission_ticket(std::optional<util::TimePoint> expiration, gc::Id permission);

    // Returns the key.
    std::string revoked_hash(std::optional<util::TimePoint> expiration);
    std::string session(util::TimePoint expiration, int attributes);

    // One row of a satellite, whether its owner exists or not; content fills its second column.
    void satellite(std::string_view table, std::optional<gc::Id> owner, const db::Value& content);

private:
    void satellites(std::string_view table, gc::Id owner, int count, std::string_view content);

    TableWriter m_rows;
    std::optional<Client> m_client{};
};

}  // namespace test
