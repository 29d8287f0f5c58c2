// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/store.hpp"

#include <string>

namespace db {

// The lock that only one run per database can have: GET_LOCK on MySQL, an advisory lock on
// PostgreSQL, flock on a file beside the database on SQLite. It dies with its session or its
// process, so that nothing has to be cleaned up after a crash; on Galera it is known to one node
// only (chunked-deletion.md 1.13).
class RunLock {
public:
    RunLock() = default;
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;
    ~RunLock() { release_file(); }

    // Takes it for that session if nobody has it; taking it twice is fine. Throws util::Error.
    gc::LockHolder take(Connection& connection);

    // Gives the file back; the servers do that themselves when the session ends.
    void release_file() noexcept;

private:
    gc::LockHolder take_on_mysql(Connection& connection);
    gc::LockHolder take_on_postgresql(Connection& connection);
    gc::LockHolder take_file(const std::string& database);

    int m_file = -1;
};

}  // namespace db
