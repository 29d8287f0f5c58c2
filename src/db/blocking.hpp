// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "util/error.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace db {

// Looks, while transactions of ours are open, whether another session waits for one of their locks.
// It has a session and a thread of its own, asks every 50 ms, and ends with this object. Without
// the right to see who waits (PROCESS on MariaDB, performance_schema on MySQL, pg_read_all_stats on
// PostgreSQL) it warns once and looks no more.
class BlockingWatch {
public:
    using Connector = std::function<std::unique_ptr<Connection>()>;

    // connector is called from the thread, first when the first transaction opens.
    explicit BlockingWatch(Connector connector);
    ~BlockingWatch();
    BlockingWatch(const BlockingWatch&) = delete;
    BlockingWatch& operator=(const BlockingWatch&) = delete;

    // A transaction of the session with that number begins; it is over. Sessions may be used by
    // different threads.
    void opened(std::int64_t session);
    void closed(std::int64_t session);

    // True when somebody waited since the last call.
    bool take_blocked() { return m_blocked.exchange(false); }

    // False once it had to give up.
    bool is_able() const { return m_able; }

private:
    void watch();
    // Waits for a transaction, and then for the interval; false when this object ends.
    bool await_transaction();
    // The sessions whose transactions are open.
    std::set<std::int64_t> sessions();
    void look(const std::set<std::int64_t>& sessions);
    void open();
    bool somebody_waits_for(const std::set<std::int64_t>& sessions);
    // Whether it is worth to ask InnoDB for whom.
    bool somebody_waits();
    void failed(const util::Error& error);
    void give_up(const util::Error& error);

    Connector m_connector;
    std::unique_ptr<Connection> m_connection{};  // this and the next two are the thread's alone
    int m_failures = 0;                          // to ask, in a row
    std::chrono::steady_clock::time_point m_last_full_look{};
    std::mutex m_mutex{};
    std::condition_variable m_changed{};
    std::set<std::int64_t> m_sessions{};  // while their transactions are open
    bool m_ending = false;
    std::atomic<bool> m_blocked{false};
    std::atomic<bool> m_able{true};
    std::thread m_thread{};
};

// The connection, with every transaction shown to the watch, which must outlive it.
std::unique_ptr<Connection> watched(std::unique_ptr<Connection> connection, BlockingWatch& watch);

}  // namespace db
