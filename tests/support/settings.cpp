// SPDX-License-Identifier: Apache-2.0
#include "support/settings.hpp"

#include "util/error.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace test {

TemporaryFile::TemporaryFile(const std::string& text)
    : m_path((std::filesystem::temp_directory_path() / "iam-token-gc-test-XXXXXX").string()) {
    const int descriptor = mkstemp(m_path.data());
    if (descriptor == -1) {
        throw std::runtime_error("Cannot make a temporary file " + m_path);
    }
    close(descriptor);
    std::ofstream(m_path, std::ios::binary) << text;
}

TemporaryFile::~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(m_path, ignored);
}

std::string load_failure(config::Sources sources) {
    sources.default_file.clear();
    try {
        config::load(sources);
        return {};
    } catch (const util::Error& error) {
        const bool usage = error.kind() == util::ErrorKind::usage;
        const bool config = error.kind() == util::ErrorKind::config;
        return (usage    ? "usage: "
                : config ? "config: "
                         : "another kind: ") +
               std::string(error.what());
    }
}

}  // namespace test
