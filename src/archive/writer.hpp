// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/manifest.hpp"
#include "util/sha256.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace archive {

// Rows of one transaction on their way to disk: JSON lines, and how many there are by table.
struct Batch {
    std::string lines{};
    std::map<std::string, std::int64_t> rows{};

    std::int64_t size() const;
};

// Writes the files of one run: each batch is on disk before it is committed, a mark behind it says
// how it ended. Files are 0600 in a folder that is 0700. Everything throws Error(io) that names the
// path.
class Writer {
public:
    // Makes the folder if it is missing, the manifest and the first file. Throws Error(config) when
    // others may enter the folder.
    Writer(std::string folder, std::int64_t file_bytes, Manifest manifest);
    // Leaves the manifest as it is when finish was not called.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    const Manifest& manifest() const { return m_manifest; }

    // Writes the batch and waits for the disk; returns its number.
    std::int64_t write(const Batch& batch);
    // Says how a batch ended: "committed" or "rolled_back". Room for that was claimed before.
    void mark(std::int64_t batch, std::string_view end);
    // Closes the file in hand and completes the manifest.
    void finish();

private:
    void open_file();
    void close_file();
    void append(std::string_view text, bool wait);
    void save_manifest();
    [[noreturn]] void fail(const std::string& path, const char* what) const;

    std::string m_folder;
    std::int64_t m_file_bytes;
    Manifest m_manifest;
    std::string m_path{};
    int m_descriptor = -1;
    std::unique_ptr<util::Sha256> m_sum{};
    FileEntry m_entry{};
    std::map<std::int64_t, std::map<std::string, std::int64_t>> m_unmarked{};
    std::int64_t m_last_batch = 0;
};

}  // namespace archive
