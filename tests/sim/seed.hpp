// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "sim/bulk.hpp"
#include "sim/seed_plan.hpp"
#include "sim/seed_rows.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <ostream>
#include <vector>

namespace sim {

struct SeedResult {
    std::int64_t events = 0;
    std::array<std::int64_t, k_bulk_tables> rows{};  // inserted, by table
    TableIds garbage{};
    std::vector<Family> ledger{};
    double seconds = 0;
};

// Fills a database whose schema is loaded; may be used again on the same database, which then has
// more. `connections` work at once (SQLite: one). Progress goes to stderr every ten seconds. Throws
// util::Error when the database refuses; what was inserted before stays.
SeedResult seed(const db::Address& address, const SeedSettings& settings, int connections,
                const std::atomic<bool>& stop);

nlohmann::json seed_report(const SeedSettings& settings, const SeedResult& result);
void print_seed(std::ostream& out, const nlohmann::json& report);

}  // namespace sim
