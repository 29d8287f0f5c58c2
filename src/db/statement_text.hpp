// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace db {

// What stands for `{name}` in a statement: a list of integers from a scan, or a name from the
// program's own lists or the catalog; never text from anywhere else.
struct Part {
    std::string_view name{};
    std::string text{};
    // Where not empty, `column IN ({name})` becomes a condition on these, first and last id.
    std::vector<std::pair<std::int64_t, std::int64_t>> ranges{};
};

// The statement with each `{name}` replaced. Throws util::Error(software) when a name is left
// without a part.
std::string filled(std::string_view statement, std::span<const Part> parts);

// "1,2,3" in ascending order, so that every statement takes rows in the order of the primary key;
// the list must not be empty.
std::string id_list(std::vector<std::int64_t> ids);

// The part {ids}. With ranges it says runs of consecutive ids as ranges where that makes the text
// much shorter: a server parses and plans a list id by id, which costs as much as finding the rows.
// Only ids that are in the list are within a range.
Part ids_part(const std::vector<std::int64_t>& ids, bool with_ranges);

// "?,?,?" for that many bound values.
std::string placeholder_list(std::size_t count);

// The name if it can stand in a statement without quotes; throws util::Error(data) if not.
std::string plain_name(std::string_view name);

}  // namespace db
