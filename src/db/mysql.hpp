// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <memory>

namespace db {

// Opens a MySQL or MariaDB session as connect() promises.
std::unique_ptr<Connection> connect_mysql(const Address& address, const SessionOptions& options);

}  // namespace db
