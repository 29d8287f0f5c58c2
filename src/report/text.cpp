// SPDX-License-Identifier: Apache-2.0
#include "report/text.hpp"

#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace report {

namespace {

// No line of a report is longer, but for a word that is.
constexpr std::size_t k_columns = 100;

// Columns a terminal shows: UTF-8 continuation bytes take none.
std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
    }));
}

}  // namespace

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width,
                    std::string_view separator) {
    const std::string_view ending = separator.substr(0, separator.find_last_not_of(' ') + 1);
    std::string lines;
    std::string line(indent, ' ');
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(separator));
        text.remove_prefix(std::min(text.size(), word.size() + separator.size()));
        const bool empty = line.size() == indent;
        const std::size_t longer = separator.size() + columns(word) + ending.size();
        if (!empty && columns(line) + longer > width) {
            lines.append(line).append(ending) += '\n';
            line.assign(indent, ' ');
        } else if (!empty) {
            line += separator;
        }
        line += word;
    }
    return lines + line + "\n";
}

std::string labelled(std::string_view label, std::string_view text) {
    constexpr std::size_t indent = 12;
    return fmt::format("  {:<10}{}", label, std::string_view(wrapped(text, indent)).substr(indent));
}

std::string TextTable::text(const std::vector<std::size_t>& left) const {
    std::vector<std::size_t> widths;
    for (const auto& row : m_rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], columns(row[i]));
        }
    }
    std::string text;
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string padding(widths[i] - columns(row[i]), ' ');
            const bool words = i == 0 || std::find(left.begin(), left.end(), i) != left.end();
            line += i == 0 ? "" : "  ";
            if (words && i > 0 && i + 1 == row.size()) {
                const std::string list = wrapped(row[i], columns(line), k_columns, ", ");
                line += list.substr(columns(line), list.size() - columns(line) - 1);
            } else {
                line += words ? row[i] + padding : padding + row[i];
            }
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string whole_seconds(util::TimePoint time) {
    return util::format_time(std::chrono::floor<std::chrono::seconds>(time));
}

std::string head_text(const Head& head) {
    return fmt::format("iam-token-gc {} {}\n", head.version, head.command) +
           labelled("database", head.database_url) +
           (head.server.empty()
                ? std::string()
                : labelled("server", fmt::format("{}, schema {}", head.server, head.level)));
}

}  // namespace report
