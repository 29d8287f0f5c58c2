// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace config {

// What a file with one line holds, without the line feed. Throws Error(config) when it cannot be
// read, is empty, has more than a line, or when users who are neither its owner nor of its group
// may read or change it.
std::string read_password_file(const std::string& path);

// Pure: the password in the section [client] or [client-mariadb] of an option file of MySQL and
// MariaDB; the last one counts, as for their own programs. Groups and !include are not looked at.
std::optional<std::string> option_file_password(std::string_view text);

// The password of ~/.my.cnf; throws Error(config) when others may read it. Nothing without a home,
// a file or a password in it.
std::optional<std::string> my_cnf_password(const char* home);

// The password that the settings name apart from the URL, from the environment or a file; empty
// when they name none. Throws Error(config).
std::string password_of(const DatabaseSettings& settings);

}  // namespace config
