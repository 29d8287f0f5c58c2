// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archive {

// The text as one frame of zstd with a checksum, so that the frames before it can be read whatever
// happens to it, and `zstdcat` reads them all.
std::string compressed(std::string_view text);

// The text of one frame; nothing when it is damaged.
std::optional<std::string> decompressed(std::string_view frame);

// The frames of a file, one behind the other, and how many bytes at its end are no whole frame.
struct Frames {
    std::vector<std::string_view> frames{};
    std::size_t torn = 0;
};

Frames split_frames(std::string_view file);

}  // namespace archive
