// SPDX-License-Identifier: Apache-2.0
#include "db/statement_text.hpp"

#include "util/error.hpp"

#include "util/runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

// Ids for each range at least, on average: a range costs the server about as much as a few ids.
constexpr std::size_t k_ids_per_range = 6;

// Ranges that are tried one by one; more are halved first.
constexpr std::size_t k_ranges_in_a_row = 4;

// A row is held against each condition of a chain until one is true, so a long chain takes a server
// longer than finding the row. Halves take it the logarithm of that.
void add_ranges(std::string& text, std::string_view column,
                std::span<const std::pair<std::int64_t, std::int64_t>> ranges) {
    if (ranges.size() <= k_ranges_in_a_row) {
        std::string_view between = "";
        for (const auto& [from, to] : ranges) {
            text += fmt::format("{}{} BETWEEN {} AND {}", between, column, from, to - 1);
            between = " OR ";
        }
        return;
    }
    const std::size_t half = ranges.size() / 2;
    const std::int64_t middle = ranges[half].first;
    text += fmt::format("{} < {} AND (", column, middle);
    add_ranges(text, column, ranges.first(half));
    text += fmt::format(") OR {} >= {} AND (", column, middle);
    add_ranges(text, column, ranges.subspan(half));
    text += ')';
}

constexpr std::string_view k_list = " IN (";

// `text` ends in "column IN (", which becomes "column = ANY ("; elsewhere, as in unnest, an array
// is what it is.
void open_array(std::string& text) {
    if (text.ends_with(k_list)) {
        text.replace(text.size() - k_list.size(), k_list.size(), " = ANY (");
    }
}

// `text` ends in "column IN (", which becomes a condition on the ranges, without its last bracket.
// The last id of a range stands in a list: a server locks the row that ends a range before it sees
// that it is behind, and that row must be one of ours.
void open_ranges(std::string& text, const util::Runs& ranges) {
    if (!text.ends_with(k_list)) {
        throw util::Error(util::ErrorKind::software,
                          fmt::format("\"{}\" takes no list of ids there; please report this",
                                      text.substr(0, 80)));
    }
    text.resize(text.size() - k_list.size());
    const std::size_t start = text.find_last_of(" (\n") + 1;
    const std::string column = text.substr(start);
    text.resize(start);
    text += '(';
    std::vector<std::int64_t> last;
    util::Runs longer;
    for (const auto& range : ranges) {
        last.push_back(range.second);
        if (range.first < range.second) {
            longer.push_back(range);
        }
    }
    if (!longer.empty()) {
        add_ranges(text, column, longer);
        text += " OR ";
    }
    text += fmt::format("{} IN ({})", column, id_list(last));
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
        const Part& part = part_of(rest.substr(open + 1, close - open - 1), statement, parts);
        if (!part.array.empty() && !part.as_rows) {
            open_array(text);
        }
        if (part.ranges.empty()) {
            text += part.text;
        } else {
            open_ranges(text, part.ranges);
        }
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

std::vector<Part> id_parts(const std::vector<std::int64_t>& ids, bool with_ranges) {
    if (with_ranges) {
        const util::Runs runs = util::runs_of(ids);
        if (!runs.empty() && ids.size() >= k_ids_per_range * runs.size()) {
            return {{.name = "ids", .ranges = runs}, {.name = "these", .ranges = runs}};
        }
    }
    const std::string list = id_list(ids);
    return {{.name = "ids", .text = list}, {.name = "these", .text = list}};
}

std::vector<Part> array_parts(const std::vector<std::int64_t>& ids, bool indexed) {
    const std::string array = "{" + id_list(ids) + "}";
    return {{.name = "ids", .array = array},
            {.name = "these", .array = array, .as_rows = !indexed}};
}

std::vector<std::string> number_arrays(std::string_view statement, std::vector<Part>& parts,
                                       std::size_t behind) {
    std::vector<std::string> values;
    for (Part& part : parts) {
        const std::string name = fmt::format("{{{}}}", part.name);
        if (part.array.empty() || statement.find(name) == std::string_view::npos) {
            continue;
        }
        const auto same = std::ranges::find(values, part.array);
        const std::size_t number = behind + 1 + static_cast<std::size_t>(same - values.begin());
        if (same == values.end()) {
            values.push_back(part.array);
        }
        part.text = fmt::format("${}", number);
        if (part.as_rows) {
            part.text = fmt::format("SELECT unnest({}::bigint[])", part.text);
        }
    }
    return values;
}

std::vector<Part> run_parts(const std::vector<std::int64_t>& ids) {
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> last;
    for (const auto& [from, to] : util::runs_of(ids)) {
        first.push_back(from);
        last.push_back(to);
    }
    return {{.name = "first", .array = fmt::format("{{{}}}", fmt::join(first, ","))},
            {.name = "last", .array = fmt::format("{{{}}}", fmt::join(last, ","))}};
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
