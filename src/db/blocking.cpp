// SPDX-License-Identifier: Apache-2.0
#include "db/blocking.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <algorithm>
#include <utility>

namespace db {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_interval{50};
constexpr int k_failures = 10;  // in a row, after which it is no use

// InnoDB shows the same list of waits again to whoever asks within 100 ms of the last look.
constexpr milliseconds k_shortest_innodb_interval{110};

}  // namespace

BlockingWatch::BlockingWatch(Connector connector)
    : m_connector(std::move(connector)), m_thread([this] { watch(); }) {}

BlockingWatch::~BlockingWatch() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void BlockingWatch::opened(std::int64_t session) {
    {
        const std::lock_guard lock(m_mutex);
        m_sessions.insert(session);
    }
    m_changed.notify_all();
}

void BlockingWatch::closed(std::int64_t session) {
    const std::lock_guard lock(m_mutex);
    m_sessions.erase(session);
}

void BlockingWatch::watch() {
    while (await_transaction()) {
        const std::set<std::int64_t> busy = sessions();
        if (busy.empty()) {
            continue;
        }
        try {
            look(busy);
            m_failures = 0;
        } catch (const util::Error& error) {
            failed(error);
        }
    }
    m_connection.reset();
}

// Shorter transactions than the interval are not looked at: nobody waits for them for long.
bool BlockingWatch::await_transaction() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_ending || (!m_sessions.empty() && m_able); });
    m_changed.wait_for(lock, k_interval, [&] { return m_ending; });
    return !m_ending;
}

std::set<std::int64_t> BlockingWatch::sessions() {
    const std::lock_guard lock(m_mutex);
    return m_sessions;
}

void BlockingWatch::look(const std::set<std::int64_t>& sessions) {
    if (!m_connection) {
        open();
    }
    if (somebody_waits_for(sessions)) {
        m_blocked = true;
    }
}

void BlockingWatch::open() {
    m_connection = m_connector();
    if (m_connection->dialect() == Dialect::postgresql &&
        m_connection->query(queries::health::sees_all.postgresql).at(0).at(0) != "t") {
        throw util::Error(util::ErrorKind::permission,
                          "the account is no member of pg_read_all_stats, grant it that role");
    }
}

bool BlockingWatch::somebody_waits_for(const std::set<std::int64_t>& sessions) {
    const bool postgresql = m_connection->dialect() == Dialect::postgresql;
    if (!postgresql && !somebody_waits()) {
        return false;
    }
    const Statement& of_mysql = m_connection->is_mariadb() ? queries::blocking::waits_for_mariadb
                                                           : queries::blocking::waits_for_mysql;
    const std::string_view sql =
        postgresql ? queries::blocking::waits_for_postgresql.postgresql : of_mysql.mysql;
    return std::ranges::any_of(sessions, [&](std::int64_t session) {
        return !m_connection->query(sql, {session}).empty();
    });
}

bool BlockingWatch::somebody_waits() {
    const Rows waits = m_connection->query(queries::blocking::any_wait.mysql);
    const auto now = std::chrono::steady_clock::now();
    const bool nobody = waits.empty() || waits.front().at(1) == "0";
    if (nobody || now - m_last_full_look < k_shortest_innodb_interval) {
        return false;
    }
    m_last_full_look = now;
    return true;
}

void BlockingWatch::failed(const util::Error& error) {
    m_connection.reset();
    const bool passing =
        error.kind() == util::ErrorKind::connection || error.kind() == util::ErrorKind::transient;
    if (!passing || ++m_failures >= k_failures) {
        give_up(error);
    }
}

// An account without that right is what sql/admin makes unless a DBA wants more, so a nightly run
// does not mail about it.
void BlockingWatch::give_up(const util::Error& error) {
    m_able = false;
    const bool wanted = error.kind() == util::ErrorKind::permission;
    util::log_event(wanted ? util::LogLevel::info : util::LogLevel::warning, "blocking", {},
                    "It cannot be seen whether the run blocks other sessions, so batches do not "
                    "get smaller for that; set throttle.watch_blocking to false to do without: " +
                        std::string(error.what()));
}

}  // namespace db
