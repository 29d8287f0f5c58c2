// SPDX-License-Identifier: Apache-2.0
#include "gc/schema.hpp"

#include <algorithm>

namespace gc {

namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, lower_name(name)) != names.end();
}

}  // namespace

std::string lower_name(std::string_view name) {
    std::string result(name);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

const Table* Schema::find(std::string_view table) const {
    const auto found = tables.find(lower_name(table));
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
        return key.table == lower_name(table) && key.column == lower_name(column);
    });
}

bool Schema::cascades(std::string_view table, std::string_view column,
                      std::string_view referenced_table) const {
    return std::ranges::any_of(foreign_keys, [&](const ForeignKey& key) {
        return key.table == lower_name(table) && key.column == lower_name(column) &&
               key.referenced_table == lower_name(referenced_table) && key.delete_rule == "CASCADE";
    });
}

}  // namespace gc
