// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/document.hpp"
#include "util/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace report {

// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

// The text on lines of at most `width` columns, broken at the separator, each after `indent`
// blanks.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width = 96,
                    std::string_view separator = " ");

// "  database  text": a line of a report's head, and more when the text is long.
std::string labelled(std::string_view label, std::string_view text);

// A table whose columns are as wide as their widest cell; the first column and those in `left` are
// flush left. A last column of words is a list that goes on below itself where it is too long.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> head) : m_rows{std::move(head)} {}

    void add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }
    // The columns that hold words; all others hold numbers and are flush right.
    std::string text(const std::vector<std::size_t>& left) const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

// "2026-05-01 12:00:00": a moment for people.
std::string whole_seconds(util::TimePoint time);

// "iam-token-gc 0.1.0 run, database ..." and what database that is.
std::string head_text(const Head& head);

}  // namespace report
