// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/statement.hpp"
#include "util/tls.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace db {

// A bound parameter: NULL, an integer or text (times go as text, see util::format_time).
using Value = std::variant<std::monostate, std::int64_t, std::string>;

// A cell as the server prints it; nullopt is NULL. Booleans come as "1"/"0" or "t"/"f".
using Cell = std::optional<std::string>;
using Row = std::vector<Cell>;
using Rows = std::vector<Row>;

// The integer in a cell; throws util::Error(data) when it is NULL or no integer.
std::int64_t as_integer(const Cell& cell);
// The same for a nullable column.
std::optional<std::int64_t> as_optional_integer(const Cell& cell);

// Where to find a database, from a URL (architecture.md, issue text "Contract for scripts"). The
// password is never part of text().
struct Host {
    std::string name{};
    int port = 0;  // 0: the driver's default
};

struct Address {
    Dialect dialect = Dialect::sqlite;
    std::string host{};
    int port = 0;                    // 0: the driver's default
    std::vector<Host> more_hosts{};  // MySQL: nodes to try in this order when the first is away
    std::string socket{};            // path of a UNIX socket (MySQL), empty for none
    std::string user{};
    std::string password{};
    std::string database{};    // name, or the path of the SQLite file
    std::string uri{};         // PostgreSQL: the connection URI as libpq takes it, without password
    bool is_local = false;     // named hosts are all sockets or loopback
    bool has_sslmode = false;  // PostgreSQL: the URI says itself how to use TLS

    // The URL without any password, for messages and reports.
    std::string text() const;
};

// Reads mysql://user@host:port,host:port/db, mysql://user@localhost/db?socket=/path, mariadb:// the
// same, postgresql://... and postgres://... as libpq takes it, sqlite:///path. Percent-encoding is
// undone. Throws util::Error(config) with a message that never repeats a password.
Address parse_url(std::string_view url);

// The address once for each of its hosts, in their order.
std::vector<Address> each_host(const Address& address);

// Session settings every connection of the program gets.
struct SessionOptions {
    std::string time_zone = "UTC";  // session time zone; "UTC" is spelled as each server wants it
    std::int64_t lock_wait_ms =
        0;  // how long a statement of ours waits for a lock, 0: not at all where the server can
    std::int64_t statement_timeout_ms = 0;  // 0: no bound
    std::int64_t connect_timeout_s = 10;
    std::string application_name = "iam-token-gc";
    bool read_only = false;  // plan, report, check: refuse writes already in the session
    util::Tls tls{};
};

// One session with one server. The only door to a database; a thin layer over each driver
// (house-style.md 1.3). Every method throws util::Error with a kind chosen by vendor code or
// exception type (driver-notes.md).
class Connection {
public:
    virtual ~Connection() = default;

    // Runs a SELECT and returns all its rows. `?` are placeholders in all dialects; a `?` inside a
    // quoted literal or comment is text.
    virtual Rows query(std::string_view sql, std::span<const Value> parameters) = 0;
    // Runs any other statement and returns the number of rows it changed, cascades not counted.
    virtual std::int64_t execute(std::string_view sql, std::span<const Value> parameters) = 0;

    Rows query(std::string_view sql, std::initializer_list<Value> parameters = {}) {
        return query(sql, std::span<const Value>(parameters.begin(), parameters.size()));
    }
    std::int64_t execute(std::string_view sql, std::initializer_list<Value> parameters = {}) {
        return execute(sql, std::span<const Value>(parameters.begin(), parameters.size()));
    }

    // Runs a statement without parameters and returns the names of its columns before its rows: for
    // the SHOW statements of MySQL, whose columns differ from version to version. Throws
    // Error(software) where a driver does without.
    virtual Rows query_with_names(std::string_view sql);

    // Starts a READ COMMITTED transaction (SQLite: BEGIN IMMEDIATE).
    virtual void begin() = 0;
    // Commits. An Error(transient) means it was rolled back; Error(connection) means the outcome is
    // unknown.
    virtual void commit() = 0;
    // Rolls back if a transaction is open; never throws, a dead connection has rolled back already.
    virtual void rollback() noexcept = 0;

    virtual Dialect dialect() const noexcept = 0;
    // "MariaDB 10.11.6", "MySQL 9.7.0", "PostgreSQL 15.5", "SQLite 3.40.1".
    virtual std::string server() const = 0;
    // "TLSv1.3, verify-full" or "not encrypted"; empty where there is no way to protect.
    virtual std::string transport() const { return {}; }
    // True only for MariaDB, which differs from MySQL in what it can do without waiting.
    virtual bool is_mariadb() const noexcept { return false; }

    // True when a range of ids is cheaper than their list and locks no gap: MySQL and MariaDB at
    // READ COMMITTED.
    virtual bool likes_ranges() const noexcept { return false; }

    // Number of statements sent so far, for tests that guard round trips.
    virtual std::int64_t statements() const noexcept = 0;
};

// Opens a connection with the session set up: time zone, READ COMMITTED, lock wait, statement
// timeout, application name, foreign keys on. A missing SQLite file is an error, not a new
// database.
std::unique_ptr<Connection> connect(const Address& address, const SessionOptions& options);

}  // namespace db
