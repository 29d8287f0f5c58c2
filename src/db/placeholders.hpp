// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace db {

// A statement for PostgreSQL and how many parameters it takes.
struct Numbered {
    std::string text{};
    std::size_t count = 0;
    bool names_arrays = false;  // some of them were numbered already
};

// Numbers every `?` as $1, $2, ...; what is numbered already, an array behind them, stays. A `?` in
// a quoted literal, a quoted name or a comment is text. Literals are read as with
// standard_conforming_strings = on; E'' strings with a backslash before a quote, dollar quoting and
// operators spelled with `?` are not for statements of ours.
Numbered number_placeholders(std::string_view sql);

// The statement with its parameters written out, for servers that take longer to prepare a
// statement than to run it; each `?` is found as above. Nothing when a parameter is neither an
// integer nor a moment as util::format_time writes it, which is digits and what stands between them
// and so cannot end a literal; and nothing when there are more or fewer of them than `?`.
std::optional<std::string> written_out(std::string_view sql, std::span<const Value> parameters);

}  // namespace db
