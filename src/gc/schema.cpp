// SPDX-License-Identifier: Apache-2.0
#include "gc/schema.hpp"

#include <algorithm>

namespace gc {

namespace {

// ASCII only: every name this program asks for is.
std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, lower(name)) != names.end();
}

}  // namespace

const Table* Schema::find(std::string_view table) const {
    const auto found = tables.find(lower(table));
    return found == tables.end() ? nullptr : &found->second;
}

bool Schema::has_column(std::string_view table, std::string_view column) const {
    const Table* const found = find(table);
    return found != nullptr && contains(found->columns, column);
}

bool Schema::has_index(std::string_view table, std::string_view column) const {
    const Table* const found = find(table);
    return found != nullptr && contains(found->indexed, column);
}

bool Schema::has_foreign_key(std::string_view table, std::string_view column) const {
    return std::ranges::any_of(foreign_keys, [&](const ForeignKey& key) {
        return key.table == lower(table) && key.column == lower(column);
    });
}

}  // namespace gc
