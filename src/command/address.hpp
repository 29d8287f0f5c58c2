// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "db/connection.hpp"

#include <string>

namespace command {

// The database of the configuration with the password that belongs to it: that of the URL, of the
// environment or of database.password_file, else of ~/.my.cnf for MySQL and MariaDB (libpq looks
// into ~/.pgpass itself). Throws Error(config), also when two places name one.
db::Address database_address(const config::Config& config);

// The same for the URL of a replica, which takes the database's password unless it has its own.
db::Address replica_address(const std::string& url, const config::Config& config);

// The same as reports and files name it: the URL without password.
std::string database_name(const config::Config& config);

}  // namespace command
