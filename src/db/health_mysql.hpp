// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/health.hpp"
#include "db/replica.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace db {

// The readings of MySQL, MariaDB and Galera, and of their replicas.
class MysqlHealth final : public gc::HealthSource {
public:
    explicit MysqlHealth(HealthOptions options);

    std::vector<gc::Reading> read() override;

private:
    using Status = std::map<std::string, std::string>;

    std::vector<gc::Reading> read_server();
    void open();
    void discover();
    Status status();
    void read_galera(const Status& status, std::vector<gc::Reading>& readings);
    std::optional<double> flow_control(const Status& status);
    gc::Reading history_list(const Status& status);
    bool wants(gc::Signal signal) const { return m_options.signals.contains(signal); }

    HealthOptions m_options;
    std::unique_ptr<Connection> m_connection{};
    bool m_is_galera = false;
    struct Held {
        double nanoseconds = 0;
        std::chrono::steady_clock::time_point at{};
    };
    std::optional<Held> m_held{};  // how long flow control has held the node back, and when
    std::vector<MysqlReplica> m_replicas{};
    std::vector<gc::Reading> m_undiscovered{};  // why the list of replicas is not whole
};

}  // namespace db
