// SPDX-License-Identifier: Apache-2.0
#include "util/kept_file.hpp"

#include "util/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace util {

namespace {

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            throw Error(ErrorKind::io, std::strerror(errno));
        }
        text.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

}  // namespace

KeptText read_kept(const std::string& path, std::uintmax_t largest) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
        return {.why = error ? "cannot be looked at" : ""};
    }
    if (!std::filesystem::is_regular_file(path, error)) {
        return {.why = "is no file"};
    }
    if (std::filesystem::file_size(path, error) > largest || error) {
        return {.why = "is too large"};
    }
    std::ifstream stream(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) {
        return {.why = "cannot be read"};
    }
    return {.text = std::move(text)};
}

namespace {

// Else a crash of the machine may bring the old file back.
void sync_folder_of(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const int descriptor =
        open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (!synced) {
        throw Error(ErrorKind::io, std::strerror(error));
    }
}

}  // namespace

void keep(const std::string& path, std::string_view text) {
    std::string temporary = path + ".XXXXXX";
    const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
    if (descriptor < 0) {
        throw Error(ErrorKind::io, std::strerror(errno));
    }
    try {
        write_all(descriptor, text);
        if (fsync(descriptor) != 0 || rename(temporary.c_str(), path.c_str()) != 0) {
            throw Error(ErrorKind::io, std::strerror(errno));
        }
    } catch (...) {
        close(descriptor);
        unlink(temporary.c_str());
        throw;
    }
    close(descriptor);
    sync_folder_of(path);
}

}  // namespace util
