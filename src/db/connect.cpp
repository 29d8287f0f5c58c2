// SPDX-License-Identifier: Apache-2.0
#include "db/connection.hpp"
#include "db/mysql.hpp"
#include "db/postgresql.hpp"
#include "db/sqlite.hpp"
#include "util/error.hpp"

namespace db {

Rows Connection::query_with_names(std::string_view) {
    throw util::Error(util::ErrorKind::software,
                      "this driver does not tell the names of columns; this is a bug");
}

std::unique_ptr<Connection> connect(const Address& address, const SessionOptions& options) {
    switch (address.dialect) {
    case Dialect::mysql:
        return connect_mysql(address, options);
    case Dialect::postgresql:
        return connect_postgresql(address, options);
    case Dialect::sqlite:
        return connect_sqlite(address, options);
    }
    throw util::Error(util::ErrorKind::software, "no driver for this dialect; this is a bug");
}

}  // namespace db
