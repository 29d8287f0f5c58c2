// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <memory>

namespace db {

// Opens a SQLite file as connect() promises; never makes a new one. Times are UTC, the time zone is
// not used.
std::unique_ptr<Connection> connect_sqlite(const Address& address, const SessionOptions& options);

}  // namespace db
