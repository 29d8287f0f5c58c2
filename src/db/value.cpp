// SPDX-License-Identifier: Apache-2.0
#include "db/connection.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

namespace db {

std::int64_t as_integer(const Cell& cell) {
    if (!cell) {
        throw util::Error(
            util::ErrorKind::data,
            "the database returned NULL where a number has to be; compare its schema with `check`");
    }
    std::int64_t value = 0;
    const char* const end = cell->data() + cell->size();
    const auto [rest, error] = std::from_chars(cell->data(), end, value);
    if (error != std::errc() || rest != end) {
        // The text itself is not repeated: a cell of an unexpected column could be a secret.
        throw util::Error(
            util::ErrorKind::data,
            fmt::format("the database returned {} characters of text where a number has to be; "
                        "compare its schema with `check`",
                        cell->size()));
    }
    return value;
}

std::optional<std::int64_t> as_optional_integer(const Cell& cell) {
    if (!cell) {
        return std::nullopt;
    }
    return as_integer(cell);
}

}  // namespace db
