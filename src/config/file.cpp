// SPDX-License-Identifier: Apache-2.0
#include "config/file.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace config {

namespace {

constexpr std::size_t k_longest = 1 << 20;

[[noreturn]] void cannot_read(const std::string& path, const std::string& why) {
    throw util::Error(util::ErrorKind::config,
                      fmt::format("Cannot read the configuration file {}: {}", path, why));
}

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
    errno = 0;
    const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "re"));
    if (!file && (errno == ENOENT || errno == ENOTDIR)) {
        return std::nullopt;
    }
    if (!file) {
        cannot_read(path, std::strerror(errno));
    }
    std::string text;
    std::array<char, 4096> block{};
    while (const std::size_t length = std::fread(block.data(), 1, block.size(), file.get())) {
        text.append(block.data(), length);
        if (text.size() > k_longest) {
            cannot_read(path, "it has more than 1 MiB, which no configuration needs");
        }
    }
    if (std::ferror(file.get()) != 0) {
        cannot_read(path, std::strerror(errno));
    }
    return text;
}

}  // namespace config
