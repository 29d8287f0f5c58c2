// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "db/statement_text.hpp"
#include "gc/client_source.hpp"
#include "gc/schema.hpp"

#include <string_view>
#include <vector>

namespace db {

// The figures of clients over one session of any server. What the catalog does not have is left
// out.
class SqlClientSource final : public gc::ClientSource {
public:
    // Both must outlive the source.
    SqlClientSource(Connection& connection, const gc::Schema& schema)
        : m_connection(connection), m_schema(schema) {}

    std::vector<gc::Client> clients(gc::Id after, std::int64_t rows) override;
    std::vector<gc::ClientNote> notes(gc::ClientDetail detail, gc::IdRange clients) override;
    gc::TokenSlice slice(gc::TokenTable table, gc::Id after, std::int64_t rows) override;
    std::vector<gc::TokenGroup> access_tokens(gc::IdRange ids, const gc::Policy& policy) override;
    std::vector<gc::RefreshGroup> refresh_tokens(gc::IdRange ids,
                                                 const gc::Policy& policy) override;
    std::vector<gc::UserTokens> users(gc::TokenTable table, gc::IdRange ids,
                                      const gc::Policy& policy) override;
    std::vector<gc::ClientTokens> registrations(gc::IdRange ids) override;
    std::int64_t bytes() override;

private:
    Rows query(const Statement& statement, const std::vector<Part>& parts,
               const std::vector<Value>& parameters);
    // The column of client_details, or NULL.
    Part optional_column(std::string_view column) const;

    Connection& m_connection;
    const gc::Schema& m_schema;
};

}  // namespace db
