// SPDX-License-Identifier: Apache-2.0
#include "util/read_file.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <utility>

namespace util {

std::string read_file(const std::string& path, const std::string& what) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream) {
        throw Error(ErrorKind::io,
                    fmt::format("{} cannot be read; see that it exists and may be read", what));
    }
    return std::move(content).str();
}

}  // namespace util
