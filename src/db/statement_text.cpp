// SPDX-License-Identifier: Apache-2.0
#include "db/statement_text.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace db {

namespace {

const Part& part_of(std::string_view name, std::string_view statement,
                    std::span<const Part> parts) {
    const auto found = std::ranges::find(parts, name, &Part::name);
    if (found == parts.end()) {
        throw util::Error(
            util::ErrorKind::software,
            fmt::format("statement \"{}\" was run without its part {{{}}}; please report this",
                        statement.substr(0, 80), name));
    }
    return *found;
}

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string filled(std::string_view statement, std::span<const Part> parts) {
    std::string text;
    std::string_view rest = statement;
    while (true) {
        const std::size_t open = rest.find('{');
        text += rest.substr(0, open);
        if (open == std::string_view::npos) {
            return text;
        }
        const std::size_t close = rest.find('}', open);
        text += part_of(rest.substr(open + 1, close - open - 1), statement, parts).text;
        rest = close == std::string_view::npos ? std::string_view{} : rest.substr(close + 1);
    }
}

std::string id_list(std::vector<std::int64_t> ids) {
    if (ids.empty()) {
        throw util::Error(util::ErrorKind::software,
                          "a statement was run with an empty list of ids; please report this");
    }
    std::ranges::sort(ids);
    return fmt::format("{}", fmt::join(ids, ","));
}

std::string placeholder_list(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += i == 0 ? "?" : ",?";
    }
    return text;
}

std::string plain_name(std::string_view name) {
    if (name.empty() || !std::ranges::all_of(name, is_plain)) {
        throw util::Error(
            util::ErrorKind::data,
            fmt::format("\"{}\" is no name that this program takes for a table or an index; "
                        "names have letters, digits and underscores only",
                        name));
    }
    return std::string(name);
}

}  // namespace db
