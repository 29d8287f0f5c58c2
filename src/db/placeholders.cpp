// SPDX-License-Identifier: Apache-2.0
#include "db/placeholders.hpp"

#include <algorithm>
#include <cstddef>

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

}  // namespace

Numbered number_placeholders(std::string_view sql) {
    Numbered numbered;
    numbered.text.reserve(sql.size() + 16);
    std::size_t at = 0;
    while (at < sql.size()) {
        const std::size_t end = behind_text(sql, at);
        if (end != at) {
            numbered.text += sql.substr(at, end - at);
            at = end;
            continue;
        }
        if (sql[at] == '?') {
            numbered.text += '$';
            numbered.text += std::to_string(++numbered.count);
        } else {
            numbered.text += sql[at];
        }
        ++at;
    }
    return numbered;
}

}  // namespace db
