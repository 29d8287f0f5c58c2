// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/health.hpp"

#include <memory>
#include <string>
#include <vector>

namespace db {

// A replica of MySQL or MariaDB, asked itself how far it is behind: the largest number of seconds
// among its channels. It counts from the start of the statement it carries out, so that a replica
// which has yet to receive what happened seems less behind than it is.
class MysqlReplica {
public:
    MysqlReplica(Address address, HealthConnector connect);

    gc::Reading lag();
    const Address& address() const { return m_address; }

private:
    Address m_address;
    HealthConnector m_connect;
    std::unique_ptr<Connection> m_connection{};
};

// What a server says about its replicas.
struct Discovery {
    std::vector<Address> replicas{};
    std::vector<gc::Reading> failures{};  // replicas that cannot be asked, or no right to look
};

// The replicas that registered with the server by host and port, to be reached with its account.
Discovery discover_replicas(Connection& server, const Address& address);

// "Seconds_Behind_Master" of a replica's status, with the names of the columns as first row.
gc::Reading lag_of_status(const Rows& status, const std::string& replica);

}  // namespace db
