// SPDX-License-Identifier: Apache-2.0
#include "command/address.hpp"

#include "config/password.hpp"
#include "util/error.hpp"
#include "util/url.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace command {

namespace {

// Whatever the settings and the drivers' own files know.
std::string separate_password(const db::Address& address, const config::Config& config) {
    std::string password = config::password_of(config.database);
    if (password.empty() && address.dialect == db::Dialect::mysql) {
        password = config::my_cnf_password(std::getenv("HOME")).value_or("");
    }
    return password;
}

}  // namespace

db::Address database_address(const config::Config& config) {
    db::Address address = db::parse_url(config.database.url);
    if (address.password.empty()) {
        address.password = separate_password(address, config);
    } else if (!config.database.password.empty() || !config.database.password_file.empty()) {
        throw util::Error(util::ErrorKind::config,
                          "database.url holds a password, and there is another in the environment "
                          "or in database.password_file; take it out of the URL");
    }
    return address;
}

db::Address replica_address(const std::string& url, const config::Config& config) {
    db::Address address = db::parse_url(url);
    if (address.dialect != db::Dialect::mysql) {
        throw util::Error(util::ErrorKind::config,
                          fmt::format("throttle.replicas: {} is no URL of MySQL or MariaDB, which "
                                      "begins with mysql://",
                                      util::without_password(url)));
    }
    if (address.password.empty()) {
        address.password = database_address(config).password;
    }
    return address;
}

std::string database_name(const config::Config& config) {
    return db::parse_url(config.database.url).text();
}

}  // namespace command
