// SPDX-License-Identifier: Apache-2.0
#include "db/run_lock.hpp"

#include "db/queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace db {

namespace {

gc::LockHolder somebody(std::string holder) {
    return {.acquired = false, .holder = std::move(holder)};
}

bool is_true(const Rows& rows) {
    const std::string answer = rows.at(0).at(0).value_or("");
    return answer == "1" || answer == "t";
}

std::string this_process() {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) {
        host = {'?'};
    }
    return fmt::format("process {} on host {}", getpid(), host.data());
}

// What the holder wrote into its lock file.
std::string written_in(int file) {
    std::array<char, 400> text{};
    const ssize_t length = pread(file, text.data(), text.size(), 0);
    std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    for (char& c : holder) {
        c = c >= ' ' && c <= '~' ? c : ' ';
    }
    return holder.empty() ? "another process" : holder;
}

}  // namespace

gc::LockHolder RunLock::take(Connection& connection) {
    switch (connection.dialect()) {
    case Dialect::mysql:
        return take_on_mysql(connection);
    case Dialect::postgresql:
        return take_on_postgresql(connection);
    case Dialect::sqlite:
        return take_file(
            connection.query(queries::catalog::database.sqlite).at(0).at(0).value_or(""));
    }
    return somebody("unknown");
}

void RunLock::release_file() noexcept {
    if (m_file >= 0) {
        // The file stays: whoever unlinks it takes it away from a process that has just opened it.
        close(std::exchange(m_file, -1));
    }
}

gc::LockHolder RunLock::take_on_mysql(Connection& connection) {
    const std::string name =
        connection.query(queries::session::run_lock_name.mysql).at(0).at(0).value_or("");
    if (is_true(connection.query(queries::session::take_run_lock.mysql, {Value(name)}))) {
        return {.acquired = true};
    }
    const Row holder =
        connection.query(queries::session::run_lock_holder.mysql, {Value(name)}).at(0);
    if (!holder.at(0)) {
        return somebody("a session that has just ended");
    }
    if (!holder.at(1)) {
        return somebody(
            fmt::format("connection {} of an account that this one cannot see", *holder.at(0)));
    }
    return somebody(fmt::format("connection {} of {} from {}", *holder.at(0), *holder.at(1),
                                holder.at(2).value_or("an unknown host")));
}

gc::LockHolder RunLock::take_on_postgresql(Connection& connection) {
    if (is_true(connection.query(queries::session::take_run_lock.postgresql))) {
        return {.acquired = true};
    }
    const Rows rows = connection.query(queries::session::run_lock_holder.postgresql);
    if (rows.empty()) {
        return somebody("a session that has just ended");
    }
    const Row& holder = rows.front();
    std::string text = fmt::format("process {} of {} from {}", holder.at(0).value_or("?"),
                                   holder.at(1).value_or("an unknown role"),
                                   holder.at(2).value_or("a local socket"));
    if (holder.at(3)) {
        text += fmt::format(" ({})", *holder.at(3));
    }
    if (holder.at(4)) {
        text += fmt::format(", connected since {}", *holder.at(4));
    }
    return somebody(std::move(text));
}

gc::LockHolder RunLock::take_file(const std::string& database) {
    if (m_file >= 0 || database.empty()) {  // nobody else can reach a database in memory
        return {.acquired = true};
    }
    const std::string path = database + ".iam-token-gc.lock";
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0) {
        throw util::Error(
            util::ErrorKind::permission,
            fmt::format("cannot open the lock file {} ({}); the account needs to write beside "
                        "the database",
                        path, std::strerror(errno)));
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        gc::LockHolder holder = somebody(written_in(file));
        close(file);
        return holder;
    }
    m_file = file;
    const std::string text = this_process() + "\n";
    // The text is for people only, so that a full disk is no reason to give up.
    if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) {
        errno = 0;
    }
    return {.acquired = true};
}

}  // namespace db
