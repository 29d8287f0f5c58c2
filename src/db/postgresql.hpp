// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <memory>

namespace db {

// Opens a PostgreSQL session as connect() promises.
std::unique_ptr<Connection> connect_postgresql(const Address& address,
                                               const SessionOptions& options);

}  // namespace db
