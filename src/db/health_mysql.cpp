// SPDX-License-Identifier: Apache-2.0
#include "db/health_mysql.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace db {

namespace {

constexpr std::string_view k_synced = "4";

std::string status_text(const std::map<std::string, std::string>& status, const std::string& name) {
    const auto found = status.find(name);
    return found == status.end() ? std::string() : found->second;
}

std::optional<double> number_of(const std::map<std::string, std::string>& status,
                                const std::string& name) {
    const std::string text = status_text(status, name);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && !text.empty() ? std::optional(number) : std::nullopt;
}

gc::Reading counted(gc::Signal signal, std::optional<double> value) {
    return {.signal = signal,
            .value = value,
            .detail = value ? std::string() : "the server does not tell it"};
}

}  // namespace

MysqlHealth::MysqlHealth(HealthOptions options) : m_options(std::move(options)) {
    if (wants(gc::Signal::replica_lag)) {
        for (const Address& replica : m_options.replicas) {
            m_replicas.emplace_back(replica, m_options.connect);
        }
    }
}

std::vector<gc::Reading> MysqlHealth::read() {
    std::vector<gc::Reading> readings;
    try {
        readings = read_server();
    } catch (const util::Error& error) {
        m_connection.reset();
        std::set<gc::Signal> lost = m_options.signals;
        lost.erase(gc::Signal::xmin_age);
        lost.erase(gc::Signal::dead_rows);
        lost.erase(gc::Signal::replica_bytes);
        readings = unreadable(lost, "", error.what());
    }
    readings.insert(readings.end(), m_undiscovered.begin(), m_undiscovered.end());
    for (MysqlReplica& replica : m_replicas) {
        readings.push_back(replica.lag());
    }
    return readings;
}

void MysqlHealth::open() {
    m_connection = m_options.connect(m_options.server);
    const Rows rows = m_connection->query(queries::health::galera.mysql);
    m_is_galera = !rows.empty() && rows.front().at(1) == "ON";
    m_held.reset();
    if (m_options.discover && wants(gc::Signal::replica_lag)) {
        discover();
    }
}

void MysqlHealth::discover() {
    Discovery found = discover_replicas(*m_connection, m_options.server);
    m_undiscovered = std::move(found.failures);
    for (const Address& replica : found.replicas) {
        const bool known = std::ranges::any_of(m_replicas, [&](const MysqlReplica& other) {
            return other.address().host == replica.host && other.address().port == replica.port;
        });
        if (!known) {
            m_replicas.emplace_back(replica, m_options.connect);
        }
    }
}

std::vector<gc::Reading> MysqlHealth::read_server() {
    if (!m_connection) {
        open();
    }
    const Status values = status();
    std::vector<gc::Reading> readings;
    if (wants(gc::Signal::sessions)) {
        // One of the running threads is the one that asks.
        const auto running = number_of(values, "Threads_running");
        readings.push_back(counted(gc::Signal::sessions,
                                   running ? std::optional(std::max(0.0, *running - 1)) : running));
    }
    if (wants(gc::Signal::history_list)) {
        readings.push_back(history_list(values));
    }
    if (m_is_galera) {
        read_galera(values, readings);
    }
    return readings;
}

MysqlHealth::Status MysqlHealth::status() {
    Status values;
    for (const Row& row : m_connection->query(queries::health::status.mysql)) {
        values[row.at(0).value_or("")] = row.at(1).value_or("");
    }
    return values;
}

gc::Reading MysqlHealth::history_list(const Status& status) {
    if (m_connection->is_mariadb()) {
        return counted(gc::Signal::history_list, number_of(status, "Innodb_history_list_length"));
    }
    try {
        const Rows rows = m_connection->query(queries::health::history_list.mysql);
        return counted(gc::Signal::history_list,
                       rows.empty()
                           ? std::nullopt
                           : std::optional(static_cast<double>(as_integer(rows.front().at(0)))));
    } catch (const util::Error& error) {
        if (error.kind() == util::ErrorKind::connection) {
            throw;
        }
        return {.signal = gc::Signal::history_list, .detail = error.what()};
    }
}

void MysqlHealth::read_galera(const Status& status, std::vector<gc::Reading>& readings) {
    if (wants(gc::Signal::flow_control)) {
        readings.push_back(counted(gc::Signal::flow_control, flow_control(status)));
    }
    if (wants(gc::Signal::receive_queue)) {
        readings.push_back(
            counted(gc::Signal::receive_queue, number_of(status, "wsrep_local_recv_queue")));
    }
    if (wants(gc::Signal::node_state)) {
        const bool good = status_text(status, "wsrep_local_state") == k_synced &&
                          status_text(status, "wsrep_cluster_status") == "Primary";
        readings.push_back(
            {.signal = gc::Signal::node_state,
             .value = good ? 0.0 : 1.0,
             .detail = fmt::format("this Galera node is {} in a component that is {}",
                                   status_text(status, "wsrep_local_state_comment"),
                                   status_text(status, "wsrep_cluster_status"))});
    }
}

// Share of the time since the last reading (chunked-deletion.md 2.5). Nothing is known about the
// time before the first.
std::optional<double> MysqlHealth::flow_control(const Status& status) {
    const auto nanoseconds = number_of(status, "wsrep_flow_control_paused_ns");
    if (!nanoseconds) {
        return std::nullopt;
    }
    const Held held{.nanoseconds = *nanoseconds, .at = m_options.now()};
    const Held before = m_held.value_or(held);
    m_held = held;
    const double elapsed = std::chrono::duration<double, std::nano>(held.at - before.at).count();
    return elapsed <= 0 ? 0.0
                        : std::clamp((held.nanoseconds - before.nanoseconds) / elapsed, 0.0, 1.0);
}

}  // namespace db
