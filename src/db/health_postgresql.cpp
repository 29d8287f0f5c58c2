// SPDX-License-Identifier: Apache-2.0
#include "db/health_postgresql.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace db {

namespace {

constexpr std::string_view k_no_right =
    "the account is no member of pg_read_all_stats, grant it that role";

double number(const Cell& cell) {
    const std::string text = cell.value_or("0");
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

PostgresqlHealth::PostgresqlHealth(HealthOptions options) : m_options(std::move(options)) {
    for (const gc::Signal other :
         {gc::Signal::flow_control, gc::Signal::receive_queue, gc::Signal::node_state,
          gc::Signal::history_list, gc::Signal::pause_file}) {
        m_options.signals.erase(other);
    }
}

std::vector<gc::Reading> PostgresqlHealth::read() {
    std::vector<gc::Reading> readings;
    try {
        read_server(readings);
    } catch (const util::Error& error) {
        m_connection.reset();
        return unreadable(m_options.signals, "", error.what());
    }
    return readings;
}

void PostgresqlHealth::read_server(std::vector<gc::Reading>& readings) {
    if (!m_connection) {
        m_connection = m_options.connect(m_options.server);
        m_sees_all = m_connection->query(queries::health::sees_all.postgresql).at(0).at(0) == "t";
    }
    read_count(gc::Signal::sessions, queries::health::sessions, readings);
    read_count(gc::Signal::xmin_age, queries::health::xmin_age, readings);
    if (wants(gc::Signal::dead_rows)) {
        const Rows rows = m_connection->query(queries::health::dead_rows.postgresql);
        readings.push_back({.signal = gc::Signal::dead_rows,
                            .value = number(rows.at(0).at(0)),
                            .detail = "look whether autovacuum keeps up, or run VACUUM"});
    }
    if (wants_replicas()) {
        read_replicas(readings);
    }
}

void PostgresqlHealth::read_count(gc::Signal signal, const Statement& statement,
                                  std::vector<gc::Reading>& readings) {
    if (!wants(signal)) {
        return;
    }
    if (!m_sees_all) {
        readings.push_back({.signal = signal, .detail = std::string(k_no_right)});
        return;
    }
    const Rows rows = m_connection->query(statement.postgresql);
    readings.push_back({.signal = signal, .value = number(rows.at(0).at(0))});
}

bool PostgresqlHealth::wants_replicas() const {
    return wants(gc::Signal::replica_lag) || wants(gc::Signal::replica_bytes);
}

std::set<gc::Signal> PostgresqlHealth::replica_signals() const {
    std::set<gc::Signal> signals;
    for (const gc::Signal signal : {gc::Signal::replica_lag, gc::Signal::replica_bytes}) {
        if (wants(signal)) {
            signals.insert(signal);
        }
    }
    return signals;
}

void PostgresqlHealth::read_replicas(std::vector<gc::Reading>& readings) {
    for (const Row& row : m_connection->query(queries::health::replicas.postgresql)) {
        read_replica(row, readings);
    }
    forget_replicas_that_left(readings);
}

void PostgresqlHealth::read_replica(const Row& row, std::vector<gc::Reading>& readings) {
    std::string replica = row.at(0).value_or("?");
    if (const auto same = m_replicas.find(replica); same != m_replicas.end() && same->second.seen) {
        replica += " (2)";
    }
    if (!row.at(1)) {
        const auto hidden = unreadable(replica_signals(), replica, std::string(k_no_right));
        readings.insert(readings.end(), hidden.begin(), hidden.end());
        return;
    }
    const double bytes = number(row.at(4));
    // The server's own figure is empty while nothing is on its way, and stands still together with
    // the replica.
    const double stuck = stuck_for(replica, row.at(2).value_or(""), bytes > 0);
    if (wants(gc::Signal::replica_lag)) {
        readings.push_back({.signal = gc::Signal::replica_lag,
                            .of = replica,
                            .value = std::max(number(row.at(3)), stuck)});
    }
    if (wants(gc::Signal::replica_bytes)) {
        readings.push_back({.signal = gc::Signal::replica_bytes, .of = replica, .value = bytes});
    }
}

double PostgresqlHealth::stuck_for(const std::string& replica, const std::string& replayed,
                                   bool behind) {
    Position& position = m_replicas[replica];
    const auto now = m_options.now();
    if (!behind || position.replayed != replayed) {
        position.replayed = replayed;
        position.since = now;
    }
    position.seen = true;
    return std::chrono::duration<double>(now - position.since).count();
}

// A replica that was there when the run looked first and is gone now is one whose lag nobody knows.
void PostgresqlHealth::forget_replicas_that_left(std::vector<gc::Reading>& readings) {
    for (auto& [replica, position] : m_replicas) {
        if (!std::exchange(position.seen, false)) {
            const auto gone =
                unreadable(replica_signals(), replica, "it is not connected any more");
            readings.insert(readings.end(), gone.begin(), gone.end());
        }
    }
}

}  // namespace db
