// SPDX-License-Identifier: Apache-2.0
#include "db/sql_client_source.hpp"

#include "db/queries.hpp"

namespace db {

gc::ClientSlice SqlClientSource::count_tokens(gc::Id after, util::TimePoint now,
                                              std::int64_t rows) {
    const Dialect dialect = m_connection.dialect();
    const Rows bounds =
        m_connection.query(queries::client::token_slice.text(dialect), {after, rows});
    const std::int64_t size = as_integer(bounds.at(0).at(1));
    gc::ClientSlice slice{.last = as_optional_integer(bounds.at(0).at(0)).value_or(after),
                          .done = size < rows};
    if (size == 0) {
        return slice;
    }
    const std::string moment = util::format_time(now);
    for (const Row& row : m_connection.query(queries::client::count_tokens.text(dialect),
                                             {moment, moment, after, slice.last})) {
        slice.tokens.push_back({.client = as_optional_integer(row.at(0)),
                                .live = as_integer(row.at(1)),
                                .expired = as_integer(row.at(2)),
                                .never_expiring = as_integer(row.at(3))});
    }
    return slice;
}

std::vector<gc::Client> SqlClientSource::clients(gc::Id after, std::int64_t rows) {
    std::vector<gc::Client> clients;
    for (const Row& row :
         m_connection.query(queries::client::list.text(m_connection.dialect()), {after, rows})) {
        clients.push_back({.id = as_integer(row.at(0)),
                           .client_id = row.at(1).value_or(""),
                           .name = row.at(2).value_or("")});
    }
    return clients;
}

}  // namespace db
