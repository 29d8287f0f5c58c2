// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "support/catalog.hpp"
#include "support/snapshot.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

struct OracleSettings {
    util::TimePoint now{};
    std::chrono::milliseconds grace = std::chrono::hours{1};
    std::chrono::milliseconds margin = std::chrono::minutes{10};
    std::set<std::string> switched_off{};  // names of targets
    // Of policies for tokens that have not expired: target, and what to delete from its copy.
    std::vector<std::pair<std::string, std::string>> early{};
};

struct OracleCount {
    std::int64_t removed = 0;
    std::map<std::string, std::int64_t> satellites{};  // rows by table, lower case, none with 0
};

// What a run has to leave and how much it has to remove, found out with plain SQL on copies of the
// token tables: chapter 6 of iam-database.md and the decisions of edge_cases.md, a statement or two
// for each rule, and nothing of the program.
class Oracle {
public:
    // Reads the database as it is before a run; makes temporary tables o_* for the time of the
    // call.
    Oracle(db::Connection& connection, const Catalog& catalog, const OracleSettings& settings);

    // Every table as a run has to leave it.
    const Snapshot& expected() const { return m_expected; }
    // By name of the target; "satellite" counts rows without an owner.
    const std::map<std::string, OracleCount>& counts() const { return m_counts; }
    std::int64_t removed() const;

    std::optional<std::int64_t> holder_safe_point() const { return m_holder_safe_point; }
    std::optional<std::int64_t> user_auth_safe_point() const { return m_user_auth_safe_point; }

private:
    bool is_on(std::string_view target) const;
    void find_safe_points();
    void copy_tables();
    std::string indexes_of_copy(std::string_view table) const;
    void drop_copies();
    void read_expected();
    // Each returns the number of rows removed from the copies.
    std::int64_t remove_expired();
    std::int64_t remove_orphans();
    std::int64_t remove_permissions();
    std::int64_t remove_sessions_and_revocations();
    std::int64_t remove_satellites();
    std::int64_t remove(std::string_view target, const std::string& statement,
                        const db::Value& bound);

    db::Connection& m_connection;
    const Catalog& m_catalog;
    OracleSettings m_settings;
    std::string m_cutoff{};
    std::optional<std::int64_t> m_holder_safe_point{};
    std::optional<std::int64_t> m_user_auth_safe_point{};
    std::map<std::string, OracleCount> m_counts{};
    Snapshot m_expected{};
};

}  // namespace test
