// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/client_source.hpp"

namespace db {

class SqlClientSource final : public gc::ClientSource {
public:
    // The connection must outlive the source.
    explicit SqlClientSource(Connection& connection) : m_connection(connection) {}

    gc::ClientSlice count_tokens(gc::Id after, util::TimePoint now, std::int64_t rows) override;
    std::vector<gc::Client> clients(gc::Id after, std::int64_t rows) override;

private:
    Connection& m_connection;
};

}  // namespace db
