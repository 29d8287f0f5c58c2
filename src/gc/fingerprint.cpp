// SPDX-License-Identifier: Apache-2.0
#include "gc/fingerprint.hpp"

#include "util/sha256.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace gc {

namespace {

std::string sorted_text(std::vector<std::string> names) {
    std::ranges::sort(names);
    return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

std::string fingerprint(const Schema& schema) {
    std::vector<std::string> lines;
    for (const auto& [name, table] : schema.tables) {
        lines.push_back(fmt::format("table {} ({}) indexed ({})", name, sorted_text(table.columns),
                                    sorted_text(table.indexed)));
    }
    for (const ForeignKey& key : schema.foreign_keys) {
        lines.push_back(fmt::format("key {}.{} -> {} {}", key.table, key.column,
                                    key.referenced_table, key.delete_rule));
    }
    std::ranges::sort(lines);
    return util::sha256_hex(fmt::format("{}\n{}", schema.level, fmt::join(lines, "\n")));
}

}  // namespace gc
