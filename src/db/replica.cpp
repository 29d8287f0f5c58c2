// SPDX-License-Identifier: Apache-2.0
#include "db/replica.hpp"

#include "db/queries.hpp"
#include "db/transport.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace db {

namespace {

std::string name_of(const Address& address) {
    if (!address.socket.empty()) {
        return address.socket;
    }
    return address.port == 0 ? address.host : fmt::format("{}:{}", address.host, address.port);
}

gc::Reading unknown(const std::string& replica, const std::string& why) {
    return {.signal = gc::Signal::replica_lag, .of = replica, .detail = why};
}

}  // namespace

MysqlReplica::MysqlReplica(Address address, HealthConnector connect)
    : m_address(std::move(address)), m_connect(std::move(connect)) {}

gc::Reading MysqlReplica::lag() {
    try {
        if (!m_connection) {
            m_connection = m_connect(m_address);
        }
        const Statement& statement = m_connection->is_mariadb()
                                         ? queries::health::replica_of_mariadb
                                         : queries::health::replica_of_mysql;
        return lag_of_status(m_connection->query_with_names(statement.mysql), name_of(m_address));
    } catch (const util::Error& error) {
        m_connection.reset();
        return unknown(name_of(m_address), error.what());
    }
}

gc::Reading lag_of_status(const Rows& status, const std::string& replica) {
    const Row& names = status.at(0);
    const auto column = std::ranges::find_if(names, [](const Cell& name) {
        return name == "Seconds_Behind_Master" || name == "Seconds_Behind_Source";
    });
    if (column == names.end()) {
        return unknown(replica, "its status has no column Seconds_Behind_Master");
    }
    if (status.size() == 1) {
        return unknown(replica, "it is no replica");
    }
    gc::Reading reading{.signal = gc::Signal::replica_lag, .of = replica, .value = 0.0};
    for (std::size_t row = 1; row < status.size(); ++row) {
        const auto at = static_cast<std::size_t>(column - names.begin());
        const std::optional<std::int64_t> seconds = as_optional_integer(status[row].at(at));
        if (!seconds) {
            return unknown(replica, "its replication does not run");
        }
        reading.value = std::max(*reading.value, static_cast<double>(*seconds));
    }
    return reading;
}

Discovery discover_replicas(Connection& server, const Address& address) {
    Discovery discovery;
    try {
        const Statement& statement = server.is_mariadb() ? queries::health::replicas_of_mariadb
                                                         : queries::health::replicas_of_mysql;
        for (const Row& row : server.query(statement.mysql)) {
            Address replica = address;
            replica.socket.clear();
            replica.host = row.at(1).value_or("");
            replica.is_local = is_local_host(replica.host);
            replica.port = static_cast<int>(as_optional_integer(row.at(2)).value_or(0));
            if (replica.host.empty()) {
                discovery.failures.push_back(
                    unknown(fmt::format("server id {}", row.at(0).value_or("?")),
                            "it does not tell its host; set report_host there, or name it in "
                            "throttle.replicas"));
            } else {
                discovery.replicas.push_back(replica);
            }
        }
    } catch (const util::Error& error) {
        discovery.failures.push_back(unknown("the replicas to discover", error.what()));
    }
    return discovery;
}

}  // namespace db
