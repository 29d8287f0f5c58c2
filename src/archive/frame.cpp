// SPDX-License-Identifier: Apache-2.0
#include "archive/frame.hpp"

#include "util/error.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <memory>

namespace archive {

namespace {

// A batch is at most some tens of megabytes; more tells of a damaged header.
constexpr unsigned long long k_largest_text = 4ULL << 30;

}  // namespace

std::string compressed(std::string_view text) {
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                       &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::string frame(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compress2(context.get(), frame.data(), frame.size(), text.data(), text.size());
    if (ZSTD_isError(size) != 0) {
        throw util::Error(util::ErrorKind::software,
                          fmt::format("zstd cannot compress a batch of the archive ({}); please "
                                      "report this",
                                      ZSTD_getErrorName(size)));
    }
    frame.resize(size);
    return frame;
}

std::optional<std::string> decompressed(std::string_view frame) {
    const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > k_largest_text) {
        return std::nullopt;
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    const std::size_t written =
        ZSTD_decompress(text.data(), text.size(), frame.data(), frame.size());
    if (ZSTD_isError(written) != 0 || written != text.size()) {
        return std::nullopt;
    }
    return text;
}

Frames split_frames(std::string_view file) {
    Frames found;
    while (!file.empty()) {
        const std::size_t size = ZSTD_findFrameCompressedSize(file.data(), file.size());
        if (ZSTD_isError(size) != 0) {
            break;
        }
        found.frames.push_back(file.substr(0, size));
        file.remove_prefix(size);
    }
    found.torn = file.size();
    return found;
}

}  // namespace archive
