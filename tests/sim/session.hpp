// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "sim/family.hpp"
#include "util/error.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A COMMIT of which nobody can say whether it happened.
class OutcomeUnknown : public util::Error {
public:
    using util::Error::Error;
};

// What differs between the schema levels, as far as the server's statements show it.
struct SchemaTraits {
    bool has_token_hash = false;      // access_token.token_value_hash, since V93
    bool has_user_auth_info = false;  // saved_user_auth_info; not in MITREid
    bool has_accounts = false;        // iam_account
};

// A session as the IAM server has it: not with the collector's settings but with the server's own
// isolation level (MySQL: REPEATABLE READ) and the patience of a server (50 s for a lock on MySQL,
// without end on PostgreSQL). Statements carry their values in the text, as Connector/J sends them,
// so each is one round trip.
class Session {
public:
    // Throws util::Error when there is no connection.
    explicit Session(const db::Address& address);

    // Opens the session anew after the connection was lost.
    void reopen();

    // `tag` names the statement in the process list and in errors: "token_scope.insert".
    db::Rows query(std::string_view tag, std::string_view sql);
    std::int64_t execute(std::string_view tag, std::string_view sql);

    // Inserts one row and returns the id the database gave it, as the ORM asks for it: by a second
    // statement.
    Id insert(std::string_view tag, std::string_view sql);

    // One transaction. Rolls back when `work` throws; throws OutcomeUnknown when the COMMIT did.
    template <typename Work>
    void transaction(const Work& work) {
        m_connection->begin();
        try {
            work();
        } catch (...) {
            m_connection->rollback();
            throw;
        }
        commit();
    }

    // The database's clock.
    Seconds now();
    // Gives the optimizer fresh statistics of the tables; on PostgreSQL also frees dead rows.
    void analyse(const std::vector<std::string>& tables);

    db::Dialect dialect() const { return m_connection->dialect(); }
    std::string server() const { return m_connection->server(); }
    const SchemaTraits& traits() const { return m_traits; }

private:
    void set_up();
    bool has_column(std::string_view table, std::string_view column);
    void commit();

    db::Address m_address;
    std::unique_ptr<db::Connection> m_connection;
    SchemaTraits m_traits{};
};

}  // namespace sim
