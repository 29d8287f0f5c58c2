// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/run_report.hpp"
#include "gc/schema.hpp"
#include "gc/settings.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// What a server knows about a table without reading it; 0 where it knows nothing.
struct TableFacts {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;  // with indexes
    std::int64_t row_bytes = 0;
};

// What a DBA asks before saying yes, as far as the database has to be asked for it.
struct Desk {
    std::string server{};                        // "MariaDB 10.11.6"
    std::map<std::string, TableFacts> tables{};  // by lower-case name
    std::map<Target, std::string> access{};      // how the scan goes: an index, or the whole table
    std::map<Target, std::int64_t> expired{};    // rows behind the cut-off by the statistics
    std::string log{};                           // "binary log", "WAL" or empty
    std::vector<ForeignKey> followers{};  // keys that make the database remove or change rows
};

// The table that the target's rows are in, as Desk names it.
std::string table_of(Target target);

// What is removed of every table, by lower-case name, satellites included.
std::map<std::string, std::int64_t> removed_by_table(const Tally& tally);

// Pure: part of the table that goes, 0 to 1; nothing where its size is not known.
std::optional<double> share(const Desk& desk, const std::string& table, std::int64_t rows);

// Pure: how long touching that many rows takes, pauses included. A guess from measured speeds of
// the three servers, cautious by a factor of two.
std::chrono::seconds time_at_throttle(const Desk& desk, std::int64_t rows,
                                      const ThrottleSettings& settings);

// Pure: bytes that the removals write to the log, which replicas and backups have to take; 0
// without one. Row images in the binary log, records and at most every page once in the WAL.
std::int64_t log_bytes(const Desk& desk, const std::map<std::string, std::int64_t>& removed);

// Pure: bytes that become free inside the files of the tables.
std::int64_t reusable_bytes(const Desk& desk, const std::map<std::string, std::int64_t>& removed);

// Pure: how to give the space of these tables back to the system, one line each.
std::vector<std::string> give_back(const Desk& desk,
                                   const std::map<std::string, std::int64_t>& removed);

// Pure: what to do in which order when most of a big table goes; empty else.
std::vector<std::string> runbook(const Desk& desk,
                                 const std::map<std::string, std::int64_t>& removed);

// Pure: the tally of a run by the statistics alone. Holders and user authentications are taken to
// go in the proportion of access tokens, satellites in that of their owners.
Tally estimated_tally(const Desk& desk, const Plan& plan);

}  // namespace gc
