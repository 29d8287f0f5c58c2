// SPDX-License-Identifier: Apache-2.0
#include "db/placeholders.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

namespace db {

namespace {

// The position behind the closing quote; a doubled quote closes and opens again, which comes to the
// same.
std::size_t behind_quoted(std::string_view sql, std::size_t begin) {
    const auto end = sql.find(sql[begin], begin + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
}

std::size_t behind_line_comment(std::string_view sql, std::size_t begin) {
    return std::min(sql.find('\n', begin), sql.size());
}

// PostgreSQL nests these comments.
std::size_t behind_block_comment(std::string_view sql, std::size_t begin) {
    std::size_t at = begin;
    int depth = 0;
    while (at < sql.size()) {
        const std::string_view pair = sql.substr(at, 2);
        if (pair == "/*") {
            ++depth;
            at += 2;
        } else if (pair == "*/") {
            --depth;
            at += 2;
            if (depth == 0) {
                return at;
            }
        } else {
            ++at;
        }
    }
    return sql.size();
}

// The position behind the text that begins here, or `at` itself if this is plain SQL.
std::size_t behind_text(std::string_view sql, std::size_t at) {
    const std::string_view pair = sql.substr(at, 2);
    if (sql[at] == '\'' || sql[at] == '"') {
        return behind_quoted(sql, at);
    }
    if (pair == "--") {
        return behind_line_comment(sql, at);
    }
    if (pair == "/*") {
        return behind_block_comment(sql, at);
    }
    return at;
}

// Calls text(part) for what stays as it is, and placeholder() for each `?`.
template <typename Text, typename Placeholder>
void walk(std::string_view sql, Text text, Placeholder placeholder) {
    std::size_t at = 0;
    while (at < sql.size()) {
        const std::size_t end = behind_text(sql, at);
        if (end != at) {
            text(sql.substr(at, end - at));
            at = end;
            continue;
        }
        if (sql[at] == '?') {
            placeholder();
        } else {
            text(sql.substr(at, 1));
        }
        ++at;
    }
}

std::optional<std::string> literal(const Value& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*integer);
    }
    const auto* const text = std::get_if<std::string>(&value);
    if (text == nullptr || text->find_first_not_of("0123456789-:. ") != std::string::npos) {
        return std::nullopt;
    }
    return "'" + *text + "'";
}

// The number behind a `$`, 0 where there is none.
std::size_t number_at(std::string_view sql, std::size_t dollar) {
    std::size_t number = 0;
    const std::string_view digits = sql.substr(dollar + 1, 4);
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

}  // namespace

Numbered number_placeholders(std::string_view sql) {
    Numbered numbered;
    numbered.text.reserve(sql.size() + 16);
    std::size_t highest = 0;
    walk(
        sql,
        [&](std::string_view part) {
            numbered.text += part;
            if (part == "$") {
                const auto at = static_cast<std::size_t>(part.data() - sql.data());
                highest = std::max(highest, number_at(sql, at));
            }
        },
        [&] { numbered.text += '$' + std::to_string(++numbered.count); });
    numbered.names_arrays = highest > 0;
    numbered.count = std::max(numbered.count, highest);
    return numbered;
}

std::optional<std::string> written_out(std::string_view sql, std::span<const Value> parameters) {
    std::vector<std::string> literals;
    for (const Value& value : parameters) {
        std::optional<std::string> text = literal(value);
        if (!text) {
            return std::nullopt;
        }
        literals.push_back(std::move(*text));
    }
    std::string written;
    written.reserve(sql.size() + 32 * parameters.size());
    std::size_t count = 0;
    walk(
        sql, [&](std::string_view part) { written += part; },
        [&] { written += count < literals.size() ? literals[count] : "?", ++count; });
    return count == literals.size() ? std::optional(written) : std::nullopt;
}

}  // namespace db
