// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "util/error.hpp"

#include <cstddef>
#include <string_view>

namespace db {

// The kind of a MySQL or MariaDB error number. MariaDB's SQLSTATE is too coarse: 42000 is a syntax
// error and a missing privilege (driver-notes.md, table of driver errors).
util::ErrorKind mysql_error_kind(int number) noexcept;

// The kind of a PostgreSQL SQLSTATE; empty or unknown ones are ErrorKind::software.
util::ErrorKind postgresql_error_kind(std::string_view sqlstate) noexcept;

// The name of a statement for messages: the text of the comment at its head, "iam-token-gc
// access_token.remove", or its first word.
std::string_view statement_tag(std::string_view sql) noexcept;

// The failure of one statement: its tag, the address and the first line of what the server said,
// never a parameter; the password is blotted out should the server have repeated it.
util::Error statement_error(util::ErrorKind kind, const Address& address, std::string_view sql,
                            std::string_view server_text);

// The failure to give a statement as many parameters as it has placeholders.
util::Error parameter_error(std::string_view sql, std::size_t wanted, std::size_t given);

// The failure to open a session, with all lines the server or the driver said.
util::Error connect_error(util::ErrorKind kind, const Address& address,
                          std::string_view server_text);

}  // namespace db
