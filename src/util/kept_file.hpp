// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace util {

// What one run keeps for the next in a file of its own.
struct KeptText {
    std::optional<std::string> text{};
    std::string why{};  // why there is none, "is too large"; empty when there was no file yet
};

// Never throws: a file that is missing, none, too large (bytes) or unreadable has no text.
KeptText read_kept(const std::string& path, std::uintmax_t largest);

// Replaces the file atomically, readable by its owner only: whatever happens, what is on the disk
// under that name is the old text or the new one. Throws Error(io) with the system's words.
void keep(const std::string& path, std::string_view text);

}  // namespace util
