// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/idle.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace report {

// What the file holds.
struct KeptIdle {
    std::string database{};
    gc::IdleMemory memory{};
};

struct LoadedIdle {
    gc::IdleMemory memory{};
    std::string warning{};  // why it starts anew; empty when it does not, or there was no file yet
};

// What runs remember of refresh tokens (refresh_unused.file). Never throws: a file that is missing,
// too large, broken or of another database is an empty memory. `database`: URL without password.
LoadedIdle load_idle(const std::string& path, const std::string& database);

// Replaces the file atomically, readable by its owner only. Throws Error(io) naming the path.
void save_idle(const std::string& path, const std::string& database, const gc::IdleMemory& memory);

// Pure: the text of the file, and its reading; nothing for any other text. Ids that follow each
// other and were first seen in one run are a range.
std::string idle_text(const std::string& database, const gc::IdleMemory& memory);
std::optional<KeptIdle> parse_idle(std::string_view text);

}  // namespace report
