// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/health.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace db {

// The readings of PostgreSQL, which knows its replicas itself.
class PostgresqlHealth final : public gc::HealthSource {
public:
    explicit PostgresqlHealth(HealthOptions options);

    std::vector<gc::Reading> read() override;

private:
    // Where a replica was when it last moved.
    struct Position {
        std::string replayed{};
        std::chrono::steady_clock::time_point since{};
        bool seen = false;  // by the reading in hand
    };

    void read_server(std::vector<gc::Reading>& readings);
    void read_count(gc::Signal signal, const Statement& statement,
                    std::vector<gc::Reading>& readings);
    void read_replicas(std::vector<gc::Reading>& readings);
    void read_replica(const Row& row, std::vector<gc::Reading>& readings);
    double stuck_for(const std::string& replica, const std::string& replayed, bool behind);
    void forget_replicas_that_left(std::vector<gc::Reading>& readings);
    bool wants(gc::Signal signal) const { return m_options.signals.contains(signal); }
    bool wants_replicas() const;
    // Those of the two that are wanted.
    std::set<gc::Signal> replica_signals() const;

    HealthOptions m_options;
    std::unique_ptr<Connection> m_connection{};
    bool m_sees_all = false;
    std::map<std::string, Position> m_replicas{};
};

}  // namespace db
