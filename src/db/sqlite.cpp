// SPDX-License-Identifier: Apache-2.0
#include "db/sqlite.hpp"

#include "db/error.hpp"
#include "util/error.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <limits>
#include <system_error>
#include <utility>

namespace db {

using util::ErrorKind;

namespace {

using Clock = std::chrono::steady_clock;

// Below this the lock of a writer that commits right now would count as a conflict.
constexpr std::int64_t shortest_busy_ms = 50;

// How many steps of SQLite's machine pass between two looks at the clock.
constexpr int steps_between_checks = 10'000;

// The kind of a result code. SQLITE_ERROR is both a syntax error and an unknown table; the
// statements are fixed and tested, so that one that cannot be prepared met another schema.
ErrorKind kind_of(int code, bool while_preparing) {
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
    case SQLITE_FULL:
        return ErrorKind::transient;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:  // of an open database: the folder refuses the journal
        return ErrorKind::permission;
    case SQLITE_IOERR:
        return ErrorKind::connection;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorKind::data;
    case SQLITE_ERROR:
        return while_preparing ? ErrorKind::data : ErrorKind::software;
    default:
        return ErrorKind::software;
    }
}

std::string described(const SQLite::Exception& exception) {
    return fmt::format("result code {}: {}", exception.getExtendedErrorCode(), exception.what());
}

int busy_timeout(const SessionOptions& options) {
    return static_cast<int>(std::clamp<std::int64_t>(options.lock_wait_ms, shortest_busy_ms,
                                                     std::numeric_limits<int>::max()));
}

void bind(SQLite::Statement& statement, int position, const Value& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        statement.bind(position, *integer);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
        statement.bind(position, *text);
    } else {
        statement.bind(position);
    }
}

Row current_row(SQLite::Statement& statement) {
    const int columns = statement.getColumnCount();
    Row row;
    row.reserve(static_cast<std::size_t>(columns));
    for (int index = 0; index < columns; ++index) {
        const SQLite::Column column = statement.getColumn(index);
        if (column.isNull()) {
            row.emplace_back(std::nullopt);
        } else {
            row.emplace_back(column.getString());
        }
    }
    return row;
}

class SqliteConnection final : public Connection {
public:
    SqliteConnection(Address address, const SessionOptions& options)
        : m_address(std::move(address)),
          m_timeout(options.statement_timeout_ms),
          m_database(open(m_address, options)) {
        execute("PRAGMA foreign_keys = ON");
        if (m_timeout > std::chrono::milliseconds::zero()) {
            sqlite3_progress_handler(m_database->getHandle(), steps_between_checks, &is_overdue,
                                     this);
        }
        query("SELECT count(*) FROM sqlite_master");  // a file that is no database shows at the
                                                      // first read
        m_statements = 0;
    }

    using Connection::execute;
    using Connection::query;

    Rows query(std::string_view sql, std::span<const Value> parameters) override {
        return translated(sql, [&] {
            SQLite::Statement statement = prepared(sql, parameters);
            Rows rows;
            while (statement.executeStep()) {
                rows.push_back(current_row(statement));
            }
            return rows;
        });
    }

    std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
        return translated(sql, [&] {
            SQLite::Statement statement = prepared(sql, parameters);
            const int before = m_database->getTotalChanges();
            while (statement.executeStep()) {
            }
            // Cascades count in the total only, and the other figure stays from one statement to
            // the next.
            return std::int64_t{m_database->getTotalChanges() == before ? 0
                                                                        : m_database->getChanges()};
        });
    }

    void begin() override {
        execute("BEGIN IMMEDIATE");
        m_in_transaction = true;
    }

    void commit() override {
        try {
            execute("COMMIT");
            m_in_transaction = false;
        } catch (const util::Error&) {
            rollback();  // a busy COMMIT leaves the transaction open
            throw;
        }
    }

    void rollback() noexcept override {
        if (!std::exchange(m_in_transaction, false)) {
            return;
        }
        try {
            execute("ROLLBACK");
        } catch (...) {
            // SQLite has rolled back already, as it does when the disk is full.
        }
    }

    Dialect dialect() const noexcept override { return Dialect::sqlite; }
    std::string server() const override { return fmt::format("SQLite {}", sqlite3_libversion()); }
    std::int64_t statements() const noexcept override { return m_statements; }

private:
    static std::unique_ptr<SQLite::Database> open(const Address& address,
                                                  const SessionOptions& options) {
        std::error_code ignored;
        if (!std::filesystem::exists(address.database, ignored)) {
            throw util::Error(
                ErrorKind::connection,
                fmt::format("database file {} does not exist: correct database.url, or create the "
                            "database first",
                            address.database));
        }
        try {
            return std::make_unique<SQLite::Database>(
                address.database,
                options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE,
                busy_timeout(options));
        } catch (const SQLite::Exception& exception) {
            const bool is_unreadable = exception.getErrorCode() == SQLITE_CANTOPEN;
            throw connect_error(
                is_unreadable ? ErrorKind::permission : kind_of(exception.getErrorCode(), false),
                address, described(exception));
        }
    }

    static int is_overdue(void* connection) noexcept {
        return Clock::now() > static_cast<const SqliteConnection*>(connection)->m_deadline ? 1 : 0;
    }

    template <typename Work>
    auto translated(std::string_view sql, Work work) -> decltype(work()) {
        ++m_statements;
        m_preparing = true;
        m_deadline = Clock::now() + m_timeout;
        try {
            return work();
        } catch (const SQLite::Exception& exception) {
            throw statement_error(kind_of(exception.getErrorCode(), m_preparing), m_address, sql,
                                  described(exception));
        }
    }

    SQLite::Statement prepared(std::string_view sql, std::span<const Value> parameters) {
        SQLite::Statement statement(*m_database, std::string(sql));
        m_preparing = false;
        const auto wanted = static_cast<std::size_t>(statement.getBindParameterCount());
        if (wanted != parameters.size()) {
            // SQLite takes a parameter without a value for NULL, where the servers refuse the
            // statement.
            throw parameter_error(sql, wanted, parameters.size());
        }
        for (std::size_t index = 0; index < parameters.size(); ++index) {
            bind(statement, static_cast<int>(index + 1), parameters[index]);
        }
        return statement;
    }

    Address m_address;
    std::chrono::milliseconds m_timeout{0};
    Clock::time_point m_deadline;
    std::unique_ptr<SQLite::Database> m_database;
    bool m_preparing = false;
    bool m_in_transaction = false;
    std::int64_t m_statements = 0;
};

}  // namespace

std::unique_ptr<Connection> connect_sqlite(const Address& address, const SessionOptions& options) {
    return std::make_unique<SqliteConnection>(address, options);
}

}  // namespace db
