// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/health.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace db {

// Opens a session with short limits of time, since somebody waits for each reading.
using HealthConnector = std::function<std::unique_ptr<Connection>(const Address&)>;

struct HealthOptions {
    Address server{};
    std::set<gc::Signal> signals{};   // what to read; those a server does not have are left out
    std::vector<Address> replicas{};  // of MySQL and MariaDB; PostgreSQL knows its own
    bool discover = false;            // ask MySQL for its replicas, too; same account
    HealthConnector connect{};
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

// The readings of a server, on sessions of their own that are opened again after they were lost.
// Null for SQLite, which has no such signals, and when none is wanted. The right to read them:
// pg_read_all_stats on PostgreSQL; on MySQL PROCESS and those in sql/queries/health.mysql.sql.
std::unique_ptr<gc::HealthSource> make_health(HealthOptions options);

// Each of these signals as one that could not be read.
std::vector<gc::Reading> unreadable(const std::set<gc::Signal>& signals, const std::string& of,
                                    const std::string& why);

}  // namespace db
