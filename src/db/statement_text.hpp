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
    // Where not empty, an array to bind, and text its parameter: `column IN ({name})` becomes
    // `column = ANY (text)`, so that the statement stays the same whatever the ids are.
    std::string array{};
    bool as_rows = false;  // the text selects the elements of the array
};

// The statement with each `{name}` replaced. Throws util::Error(software) when a name is left
// without a part.
std::string filled(std::string_view statement, std::span<const Part> parts);

// "1,2,3" in ascending order, so that every statement takes rows in the order of the primary key;
// the list must not be empty.
std::string id_list(std::vector<std::int64_t> ids);

// The part {ids}, and {these} for looking ids up where no index may lead on them. With ranges it
// says runs of consecutive ids as ranges where that makes the text much shorter: a server parses
// and plans a list id by id, which costs as much as finding the rows. Only ids that are in the list
// are within a range.
std::vector<Part> id_parts(const std::vector<std::int64_t>& ids, bool with_ranges);

// The same as an array of PostgreSQL, whose parameter is not numbered yet. Where no index leads on
// the columns that {these} are looked for in, they select the elements, for the server to join by
// hash: it would go through the array once for each row. With an index that join could still read
// the whole table.
std::vector<Part> array_parts(const std::vector<std::int64_t>& ids, bool indexed);

// The parts {first} and {last}: arrays of where the runs of consecutive ids begin and end.
std::vector<Part> run_parts(const std::vector<std::int64_t>& ids);

// Gives the arrays that the statement names their numbers, behind that many other parameters, and
// returns their values.
std::vector<std::string> number_arrays(std::string_view statement, std::vector<Part>& parts,
                                       std::size_t behind);

// "?,?,?" for that many bound values.
std::string placeholder_list(std::size_t count);

// The name if it can stand in a statement without quotes; throws util::Error(data) if not.
std::string plain_name(std::string_view name);

}  // namespace db
