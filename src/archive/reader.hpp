// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/manifest.hpp"
#include "archive/record.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace archive {

// How a batch of the archive ended, as far as the archive knows.
enum class BatchEnd {
    committed,
    rolled_back,
    unknown,  // the run died, or lost the database, between archive and COMMIT
};

struct StoredBatch {
    std::int64_t number = 0;
    std::int64_t rows = 0;
    BatchEnd end = BatchEnd::unknown;
    std::size_t frame = 0;
};

// One file of an archive, read whole.
class StoredFile {
public:
    // Throws Error(io) when it cannot be read.
    explicit StoredFile(const std::string& path);

    std::int64_t bytes() const { return static_cast<std::int64_t>(m_content.size()); }
    std::string sha256() const;
    // What is wrong with it, a sentence each.
    const std::vector<std::string>& damages() const { return m_damages; }
    // Bytes at the end that are no whole frame: what a crash leaves.
    std::size_t torn() const { return m_torn; }
    const std::vector<StoredBatch>& batches() const { return m_batches; }
    // The rows of one of its batches, in the order in which they were removed.
    std::vector<Json> rows(const StoredBatch& batch) const;

private:
    void read_frame(std::size_t index);

    std::string m_content{};
    std::vector<std::string_view> m_frames{};
    std::size_t m_torn = 0;
    std::vector<StoredBatch> m_batches{};
    std::vector<std::string> m_damages{};
};

// The archive of one run.
struct StoredRun {
    Manifest manifest{};
    std::vector<std::string> files{};  // names in the order in which they were written
    std::string problem{};             // why the manifest cannot be used; empty when it can
};

// The runs in that folder, oldest first; `run` chooses one. Throws Error(config) without a folder,
// Error(io) when it cannot be read, and Error(data) when there is no such run.
std::vector<StoredRun> find_runs(const std::string& folder, const std::string& run);

}  // namespace archive
