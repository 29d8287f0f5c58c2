// SPDX-License-Identifier: Apache-2.0
#include "gc/pause_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace gc {

Reading read_pause_file(const std::string& path) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(path, error);
    Reading reading{.signal = Signal::pause_file};
    if (status.type() == std::filesystem::file_type::not_found) {
        reading.value = 0.0;
    } else if (error) {
        reading.detail = fmt::format("{}: {}", path, error.message());
    } else {
        reading.value = 1.0;
        reading.detail = fmt::format("the file {} exists", path);
    }
    return reading;
}

}  // namespace gc
