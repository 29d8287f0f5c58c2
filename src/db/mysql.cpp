// SPDX-License-Identifier: Apache-2.0
#include "db/mysql.hpp"

#include "db/error.hpp"
#include "db/placeholders.hpp"
#include "db/transport.hpp"
#include "util/error.hpp"

#include <cppconn/connection.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <fmt/format.h>
#include <mysql_driver.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace db {

using util::ErrorKind;

namespace {

// Strict, so that a bad date is an error and not '0000-00-00'; no ANSI_QUOTES, no
// NO_BACKSLASH_ESCAPES, so that statement texts mean the same on every server.
constexpr std::string_view session_sql_mode =
    "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

// The list of ids decides where a batch starts: no subquery is turned into a scan of the table it
// looks into.
constexpr std::string_view session_optimizer_switch = "materialization=off,semijoin=off";

// A metadata lock that an ALTER holds is waited for this long, in seconds; the server's default is
// a day or a year (chunked-deletion.md 1.11).
constexpr int metadata_lock_wait_s = 2;

constexpr std::string_view session_tag = "/* iam-token-gc session */ ";

int at_most_int(std::int64_t value) {
    return static_cast<int>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<int>::max()));
}

std::int64_t seconds_rounded_up(std::int64_t ms) {
    return (ms + 999) / 1000;
}

sql::SQLString driver_text(std::string_view text) {
    return {text.data(), text.size()};
}

std::string endpoint(const Address& address) {
    if (!address.socket.empty()) {
        return "unix://" + address.socket;
    }
    const bool is_ipv6 = address.host.find(':') != std::string::npos;
    return fmt::format("tcp://{}{}{}:{}", is_ipv6 ? "[" : "", address.host, is_ipv6 ? "]" : "",
                       address.port == 0 ? 3306 : address.port);
}

// The library verifies the chain as soon as it has authorities, and the host's name when it is told
// to.
void add_tls(sql::ConnectOptionsMap& map, const util::Tls& tls, util::TlsMode mode) {
    if (mode == util::TlsMode::off) {
        return;
    }
    map["sslEnforce"] = true;
    if (mode >= util::TlsMode::verify_ca) {
        map["sslCA"] = driver_text(authorities(tls));
    }
    if (mode == util::TlsMode::verify_full) {
        map["sslVerify"] = true;
    }
}

sql::ConnectOptionsMap connect_options(const Address& address, const SessionOptions& options) {
    const std::map<sql::SQLString, sql::SQLString> attributes{
        {"program_name", driver_text(options.application_name)}};
    sql::ConnectOptionsMap map;
    map["hostName"] = driver_text(endpoint(address));
    map["userName"] = driver_text(address.user);
    map["password"] = driver_text(address.password);
    if (!address.database.empty()) {
        map["schema"] = driver_text(address.database);
    }
    add_tls(map, options.tls, tls_mode(address, options.tls.mode));
    map["OPT_CONNECT_TIMEOUT"] = at_most_int(options.connect_timeout_s);
    map["OPT_CHARSET_NAME"] = sql::SQLString("utf8mb4");
    map["OPT_CONNECT_ATTR_ADD"] = attributes;
    if (options.statement_timeout_ms > 0) {
        // MySQL bounds only SELECT, and a server that vanished never answers: the socket's own
        // limit ends both.
        map["OPT_READ_TIMEOUT"] = at_most_int(seconds_rounded_up(options.statement_timeout_ms) +
                                              options.connect_timeout_s);
    }
    return map;
}

// Without a number it is the connector that complains, about a call of ours.
std::string described(const sql::SQLException& exception) {
    return fmt::format("error {}: {}", exception.getErrorCode(), exception.what());
}

void bind(sql::PreparedStatement& statement, unsigned int position, const Value& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        statement.setInt64(position, *integer);
    } else if (const auto* const text = std::get_if<std::string>(&value)) {
        statement.setString(position, driver_text(*text));
    } else {
        statement.setNull(position, 0);
    }
}

Rows all_rows(sql::ResultSet& result) {
    const unsigned int columns = result.getMetaData()->getColumnCount();
    Rows rows;
    rows.reserve(result.rowsCount());
    while (result.next()) {
        Row& row = rows.emplace_back();
        row.reserve(columns);
        for (unsigned int column = 1; column <= columns; ++column) {
            if (result.isNull(column)) {
                row.emplace_back(std::nullopt);
            } else {
                row.emplace_back(result.getString(column).asStdString());
            }
        }
    }
    return rows;
}

Row column_names(sql::ResultSet& result) {
    Row names;
    for (unsigned int column = 1; column <= result.getMetaData()->getColumnCount(); ++column) {
        names.emplace_back(result.getMetaData()->getColumnLabel(column).asStdString());
    }
    return names;
}

class MysqlConnection final : public Connection {
public:
    MysqlConnection(Address address, const SessionOptions& options)
        : m_address(std::move(address)), m_session(open(m_address, options)) {
        set_up(options);
        m_statements = 0;
    }

    using Connection::execute;
    using Connection::query;

    Rows query(std::string_view sql, std::span<const Value> parameters) override {
        return translated(sql, [&] {
            if (const auto text = written_out(sql, parameters)) {
                const std::unique_ptr<sql::Statement> statement(m_session->createStatement());
                const std::unique_ptr<sql::ResultSet> result(
                    statement->executeQuery(driver_text(*text)));
                return all_rows(*result);
            }
            const auto statement = prepared(sql, parameters);
            const std::unique_ptr<sql::ResultSet> result(statement->executeQuery());
            return all_rows(*result);
        });
    }

    Rows query_with_names(std::string_view sql) override {
        return translated(sql, [&] {
            const std::unique_ptr<sql::Statement> statement(m_session->createStatement());
            const std::unique_ptr<sql::ResultSet> result(statement->executeQuery(driver_text(sql)));
            Rows rows = all_rows(*result);
            rows.insert(rows.begin(), column_names(*result));
            return rows;
        });
    }

    std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
        return translated(sql, [&] {
            if (const auto text = written_out(sql, parameters)) {
                const std::unique_ptr<sql::Statement> statement(m_session->createStatement());
                return std::int64_t{statement->executeUpdate(driver_text(*text))};
            }
            return std::int64_t{prepared(sql, parameters)->executeUpdate()};
        });
    }

    void begin() override {
        execute("START TRANSACTION");
        m_in_transaction = true;
    }

    void commit() override {
        try {
            execute("COMMIT");
            m_in_transaction = false;
        } catch (const util::Error& error) {
            rollback();
            if (m_last_error == 1317 || m_last_error == 1969 || m_last_error == 3024) {
                // A COMMIT that was interrupted may be durable already, so nobody can call it
                // rolled back.
                throw util::Error(ErrorKind::connection, error.what());
            }
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
            // The session is gone, and its transaction with it.
        }
    }

    Dialect dialect() const noexcept override { return Dialect::mysql; }
    std::string server() const override { return m_server; }
    std::string transport() const override {
        return m_tls_version.empty() ? "not encrypted" : m_tls_version;
    }
    bool is_mariadb() const noexcept override { return m_is_mariadb; }
    bool likes_ranges() const noexcept override { return m_read_committed; }
    std::int64_t statements() const noexcept override { return m_statements; }

private:
    static std::unique_ptr<sql::Connection> open(const Address& address,
                                                 const SessionOptions& options) {
        try {
            sql::ConnectOptionsMap map = connect_options(address, options);
            return std::unique_ptr<sql::Connection>(
                sql::mysql::get_driver_instance()->connect(map));
        } catch (const sql::SQLException& exception) {
            throw connect_error(mysql_error_kind(exception.getErrorCode()), address,
                                described(exception));
        }
    }

    template <typename Work>
    auto translated(std::string_view sql, Work work) -> decltype(work()) {
        ++m_statements;
        try {
            return work();
        } catch (const sql::SQLException& exception) {
            m_last_error = exception.getErrorCode();
            throw statement_error(mysql_error_kind(m_last_error), m_address, sql,
                                  described(exception));
        }
    }

    std::unique_ptr<sql::PreparedStatement> prepared(std::string_view sql,
                                                     std::span<const Value> parameters) {
        std::unique_ptr<sql::PreparedStatement> statement(
            m_session->prepareStatement(driver_text(sql)));
        for (std::size_t index = 0; index < parameters.size(); ++index) {
            bind(*statement, static_cast<unsigned int>(index + 1), parameters[index]);
        }
        return statement;
    }

    void set_up(const SessionOptions& options) {
        const std::map<std::string, std::string> server = server_variables();
        const std::string& version = server.at("version");
        m_is_mariadb = version.find("MariaDB") != std::string::npos;
        m_server = fmt::format("{} {}", m_is_mariadb ? "MariaDB" : "MySQL",
                               version.substr(0, version.find_first_not_of("0123456789.")));
        if (server.at("foreign_key_checks") != "ON") {
            throw connect_error(
                ErrorKind::config, m_address,
                "the server runs with foreign_key_checks = OFF, so removals could leave broken "
                "references; switch it on for this account");
        }
        require_tls(options.tls);
        set_variables(options);
        set_transactions(options, server);
    }

    // The library takes an option that it does not know for done, so the server is asked.
    void require_tls(const util::Tls& tls) {
        const util::TlsMode mode = tls_mode(m_address, tls.mode);
        if (mode == util::TlsMode::off) {
            return;
        }
        const Rows rows =
            query(fmt::format("{}SHOW SESSION STATUS LIKE 'Ssl_version'", session_tag));
        m_tls_version = rows.empty() ? "" : rows.at(0).at(1).value_or("");
        if (m_tls_version.empty()) {
            throw connect_error(ErrorKind::config, m_address,
                                fmt::format("the session is not encrypted although TLS is asked "
                                            "for (database.tls: {})",
                                            name(mode)));
        }
    }

    // SHOW and not @@name, because a variable that a version does not have is just absent.
    std::map<std::string, std::string> server_variables() {
        std::map<std::string, std::string> variables;
        for (const Row& row :
             query(fmt::format("{}SHOW SESSION VARIABLES WHERE Variable_name IN "
                               "('version', 'foreign_key_checks', 'log_bin', 'binlog_format')",
                               session_tag))) {
            variables[row.at(0).value_or("")] = row.at(1).value_or("");
        }
        return variables;
    }

    void set_variables(const SessionOptions& options) {
        // InnoDB counts in seconds; only MariaDB can be told not to wait at all.
        const std::int64_t lock_wait_s =
            std::max(seconds_rounded_up(options.lock_wait_ms), std::int64_t{m_is_mariadb ? 0 : 1});
        std::string text = fmt::format(
            "{}SET SESSION time_zone = ?, sql_mode = '{}', optimizer_switch = '{}', "
            "innodb_lock_wait_timeout = {}, "
            "lock_wait_timeout = {}",
            session_tag, session_sql_mode, session_optimizer_switch, lock_wait_s,
            metadata_lock_wait_s);
        if (m_is_mariadb) {
            // A list of 1000 ids or more would become a subquery, which without materialization is
            // a table scan.
            text += ", in_predicate_conversion_threshold = 0";
        }
        if (options.statement_timeout_ms > 0) {
            text += m_is_mariadb
                        ? fmt::format(", max_statement_time = {}.{:03}",
                                      options.statement_timeout_ms / 1000,
                                      options.statement_timeout_ms % 1000)
                        : fmt::format(", max_execution_time = {}", options.statement_timeout_ms);
        }
        execute(text,
                {Value(options.time_zone == "UTC" ? std::string("+00:00") : options.time_zone)});
    }

    void set_transactions(const SessionOptions& options,
                          const std::map<std::string, std::string>& server) {
        const auto is = [&](const char* name, std::string_view value) {
            const auto found = server.find(name);
            return found != server.end() && found->second == value;
        };
        // InnoDB refuses DML at READ COMMITTED when the binary log holds statements
        // (chunked-deletion.md 1.2).
        const bool statement_log = is("log_bin", "ON") && is("binlog_format", "STATEMENT");
        m_read_committed = !statement_log;
        execute(fmt::format("{}SET SESSION TRANSACTION ISOLATION LEVEL {}", session_tag,
                            statement_log ? "REPEATABLE READ" : "READ COMMITTED"));
        if (options.read_only) {
            execute(fmt::format("{}SET SESSION TRANSACTION READ ONLY", session_tag));
        }
    }

    Address m_address;
    std::unique_ptr<sql::Connection> m_session;
    std::string m_server;
    std::string m_tls_version;
    bool m_is_mariadb = false;
    bool m_read_committed = false;
    bool m_in_transaction = false;
    int m_last_error = 0;
    std::int64_t m_statements = 0;
};

}  // namespace

std::unique_ptr<Connection> connect_mysql(const Address& address, const SessionOptions& options) {
    std::vector<Address> hosts = each_host(address);
    for (Address& host : hosts) {
        try {
            return std::make_unique<MysqlConnection>(host, options);
        } catch (const util::Error& error) {
            if (error.kind() != ErrorKind::connection || &host == &hosts.back()) {
                throw;
            }
        }
    }
    throw util::Error(ErrorKind::software, "an address names no host; this is a bug");
}

}  // namespace db
