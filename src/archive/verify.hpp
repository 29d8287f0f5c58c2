// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/reader.hpp"
#include "db/archive_rows.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace archive {

// One thing that verifying found out.
struct Finding {
    bool failure = false;  // otherwise something to know
    std::string text{};
};

// What became of the archive of one run.
struct Verified {
    std::string run{};
    std::string mode{};
    std::string started{};
    std::string ended{};
    std::string plan_sha256{};
    std::int64_t files = 0;
    std::int64_t batches = 0;                    // committed ones
    std::map<std::string, std::int64_t> rows{};  // of committed batches, by table
    std::vector<Finding> findings{};

    bool intact() const;
};

// Compares files with manifest and counts every row. A batch whose end the archive does not know is
// looked up in the database, if there is one: when none of its rows exists any more it was carried
// out. Throws Error(io) or what the database throws.
Verified verify(const std::string& folder, const StoredRun& run, db::ArchiveRows* database);

}  // namespace archive
