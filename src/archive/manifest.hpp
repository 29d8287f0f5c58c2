// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace archive {

// The version of manifest and lines; it rises when a key changes its meaning or goes.
inline constexpr int k_archive_version = 1;

// A file of the archive that is complete.
struct FileEntry {
    std::string name{};
    std::int64_t bytes = 0;
    std::int64_t batches = 0;
    std::int64_t rows = 0;  // lines, those of batches that were rolled back included
    std::string sha256{};
};

// What the archive of one run says about itself.
struct Manifest {
    std::string run{};   // "20260501T120000Z-1a2b3c4d"
    std::string mode{};  // "ids" or "full"
    std::string program{};
    std::string database_url{};  // without any password
    std::string server{};
    std::string database{};
    std::string level{};
    std::string plan_sha256{};  // of the plan the run carried out; empty without one
    std::string started{};      // by this machine's clock, UTC
    std::string ended{};        // empty while the run goes on, or when it died
    std::vector<FileEntry> files{};
    std::map<std::string, std::int64_t> rows{};  // of batches known to be committed, by table
};

// An id for a run that nothing else has: the moment and a random part.
std::string new_run_id();

// This machine's clock as "2026-05-01T12:00:00Z".
std::string utc_now();

// JSON with a SHA-256 over itself, ending in a newline.
std::string to_json(const Manifest& manifest);

// Reads it; throws Error(data) when it is no manifest of this version, or was altered since. `path`
// is for the message.
Manifest parse_manifest(const std::string& text, const std::string& path);

}  // namespace archive
