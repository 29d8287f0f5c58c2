// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace db {

// A statement for PostgreSQL and how many parameters it takes.
struct Numbered {
    std::string text{};
    std::size_t count = 0;
};

// Numbers every `?` as $1, $2, ... A `?` in a quoted literal, a quoted name or a comment is text.
// Literals are read as with standard_conforming_strings = on; E'' strings with a backslash before a
// quote, dollar quoting and operators spelled with `?` are not for statements of ours.
Numbered number_placeholders(std::string_view sql);

}  // namespace db
