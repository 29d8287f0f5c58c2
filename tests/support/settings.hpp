// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/load.hpp"

#include <string>

namespace test {

// A file with that text, removed with this object.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& text);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::string& path() const { return m_path; }

private:
    std::string m_path;
};

// How loading fails: "config: MESSAGE" or "usage: MESSAGE"; empty when it does not. The file in the
// usual place is left out.
std::string load_failure(config::Sources sources);

}  // namespace test
