// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace db {

// The statement with every `?` numbered $1, $2, ... as PostgreSQL wants it. A `?` in a quoted
// literal, a quoted name or a comment is text. Literals are read as with
// standard_conforming_strings = on; E'' strings with a backslash before a quote, dollar quoting and
// operators spelled with `?` are not for statements of ours.
std::string numbered_placeholders(std::string_view sql);

}  // namespace db
