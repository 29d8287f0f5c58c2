// SPDX-License-Identifier: Apache-2.0
#include "gc/desk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gc {

namespace {

// Half of what was measured on two cores with durable commits (chunked-deletion.md, tests/bench).
constexpr double k_rows_a_second_mysql = 50'000;
constexpr double k_rows_a_second_postgresql = 150'000;

// A DELETE in the WAL: header, block reference and line pointer.
constexpr std::int64_t k_wal_record = 60;
// Event and row headers of the binary log.
constexpr std::int64_t k_binlog_overhead = 20;

// From here on a plain nightly run is not the whole answer.
constexpr double k_most = 0.5;
constexpr std::int64_t k_big = 100'000;

bool is_postgresql(const Desk& desk) {
    return desk.server.starts_with("PostgreSQL");
}

const TableFacts* facts_of(const Desk& desk, const std::string& table) {
    const auto found = desk.tables.find(table);
    return found == desk.tables.end() ? nullptr : &found->second;
}

std::int64_t part_of(std::int64_t whole, double share) {
    return static_cast<std::int64_t>(static_cast<double>(whole) * share);
}

// Tables of which enough goes for the space to be worth giving back.
std::vector<std::string> mostly_garbage(const Desk& desk,
                                        const std::map<std::string, std::int64_t>& removed) {
    std::vector<std::string> tables;
    for (const auto& [table, rows] : removed) {
        if (rows >= k_big && share(desk, table, rows).value_or(0) >= k_most) {
            tables.push_back(table);
        }
    }
    return tables;
}

std::int64_t estimated_rows(const Desk& desk, Target target, double token_share) {
    const TableFacts* const facts = facts_of(desk, table_of(target));
    const std::int64_t rows = facts == nullptr ? 0 : facts->rows;
    if (target == Target::authentication_holder || target == Target::saved_user_auth) {
        return part_of(rows, token_share);
    }
    const auto expired = desk.expired.find(target);
    return expired == desk.expired.end() ? 0 : std::min(expired->second, std::max(rows, {1}));
}

}  // namespace

std::string table_of(Target target) {
    return target == Target::satellite ? std::string{} : lower_name(name(target));
}

std::map<std::string, std::int64_t> removed_by_table(const Tally& tally) {
    std::map<std::string, std::int64_t> removed;
    for (const auto& [target, part] : tally) {
        if (target != Target::satellite && part.removed > 0) {
            removed[table_of(target)] += part.removed;
        }
        for (const auto& [table, rows] : part.satellites) {
            if (rows > 0) {
                removed[lower_name(table)] += rows;
            }
        }
    }
    return removed;
}

std::optional<double> share(const Desk& desk, const std::string& table, std::int64_t rows) {
    const TableFacts* const facts = facts_of(desk, table);
    if (facts == nullptr || facts->rows <= 0) {
        return std::nullopt;
    }
    return std::min(1.0, static_cast<double>(rows) / static_cast<double>(facts->rows));
}

std::chrono::seconds time_at_throttle(const Desk& desk, std::int64_t rows,
                                      const ThrottleSettings& settings) {
    const double speed = is_postgresql(desk) ? k_rows_a_second_postgresql : k_rows_a_second_mysql;
    double seconds = static_cast<double>(rows) / speed;
    if (!settings.full_speed) {
        seconds /= settings.busy_share;
        if (settings.rows_per_second > 0) {
            seconds = std::max(
                seconds, static_cast<double>(rows) / static_cast<double>(settings.rows_per_second));
        }
    }
    return std::chrono::seconds{static_cast<std::int64_t>(seconds) + 1};
}

std::int64_t log_bytes(const Desk& desk, const std::map<std::string, std::int64_t>& removed) {
    std::int64_t bytes = 0;
    for (const auto& [table, rows] : removed) {
        const TableFacts* const facts = facts_of(desk, table);
        if (desk.log.empty() || facts == nullptr) {
            continue;
        }
        bytes += is_postgresql(desk)
                     ? rows * k_wal_record + std::min(facts->bytes, rows * std::int64_t{8192})
                     : rows * (facts->row_bytes + k_binlog_overhead);
    }
    return bytes;
}

std::int64_t reusable_bytes(const Desk& desk, const std::map<std::string, std::int64_t>& removed) {
    std::int64_t bytes = 0;
    for (const auto& [table, rows] : removed) {
        const TableFacts* const facts = facts_of(desk, table);
        bytes += facts == nullptr ? 0 : part_of(facts->bytes, share(desk, table, rows).value_or(0));
    }
    return bytes;
}

std::vector<std::string> give_back(const Desk& desk,
                                   const std::map<std::string, std::int64_t>& removed) {
    std::vector<std::string> lines;
    for (const std::string& table : mostly_garbage(desk, removed)) {
        lines.push_back(is_postgresql(desk)
                            ? fmt::format("VACUUM ANALYZE {0};  -- or pg_repack --table={0}", table)
                            : fmt::format("OPTIMIZE TABLE {};", table));
    }
    return lines;
}

std::vector<std::string> runbook(const Desk& desk,
                                 const std::map<std::string, std::int64_t>& removed) {
    if (mostly_garbage(desk, removed).empty()) {
        return {};
    }
    std::vector<std::string> lines{
        "know that the last backup can be restored",
        desk.log.empty() ? "look at the room on the server's disk"
                         : fmt::format("see that there is room for the {} on the server and that "
                                       "each replica keeps up (throttle.replicas)",
                                       desk.log),
        "begin with a bite, iam-token-gc run --max-rows 100000, and look at the server meanwhile",
        ("go on in quiet hours, iam-token-gc run --max-time 4h, as many nights as it takes; every "
         "run begins where the last one stopped"),
        is_postgresql(desk)
            ? "at the end VACUUM makes the space reusable; VACUUM FULL gives it back and locks the "
              "table, pg_repack does so without"
            : "at the end OPTIMIZE TABLE gives the space back; it rebuilds the table and needs "
              "room for what stays"};
    return lines;
}

Tally estimated_tally(const Desk& desk, const Plan& plan) {
    Tally tally;
    double token_share = 0;
    for (const PlannedTarget& planned : plan.targets) {
        if (planned.state != TargetState::planned || planned.target == Target::satellite) {
            continue;
        }
        TargetTally& part = tally[planned.target];
        part.removed = estimated_rows(desk, planned.target, token_share);
        const double gone = share(desk, table_of(planned.target), part.removed).value_or(0);
        if (planned.target == Target::access_token) {
            token_share = gone;
        }
        for (const Satellite& satellite : planned.satellites) {
            const TableFacts* const facts = facts_of(desk, lower_name(satellite.table));
            part.satellites[std::string(satellite.table)] =
                facts == nullptr ? 0 : part_of(facts->rows, gone);
        }
    }
    return tally;
}

}  // namespace gc
