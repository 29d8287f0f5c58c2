// SPDX-License-Identifier: Apache-2.0
#include "db/postgresql.hpp"

#include "db/error.hpp"
#include "db/placeholders.hpp"
#include "db/transport.hpp"
#include "util/error.hpp"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <typeinfo>
#include <unordered_map>
#include <utility>

namespace db {

using util::ErrorKind;

namespace {

// lock_timeout = 0 means for ever; this is the shortest wait that a busy server does not trip over
// by chance. With deadlock_timeout at its default of 1 s every shorter wait lets us give way before
// the server picks a victim.
constexpr std::int64_t shortest_lock_wait_ms = 100;

// A transaction of ours that does nothing for this long is a bug; the server ends it and frees its
// locks.
constexpr std::string_view idle_limit = "60s";

// One statement, so that the set-up costs one round trip. A database that its owner made read-only
// stays so.
constexpr std::string_view session_sql =
    "/* iam-token-gc session */ SELECT set_config('TimeZone', ?, false), "
    "set_config('lock_timeout', ?, false), "
    "set_config('statement_timeout', ?, false), set_config('idle_in_transaction_session_timeout', "
    "?, false), "
    "set_config('default_transaction_read_only', "
    "CASE ? WHEN 'on' THEN 'on' ELSE current_setting('default_transaction_read_only') END, false), "
    "set_config('standard_conforming_strings', 'on', false), "
    "set_config('client_encoding', 'UTF8', false), "
    // A policy that hides rows of live tokens would make their holders look like orphans.
    "set_config('row_security', 'off', false), "
    // The planner takes a few runs of ids for many rows (runs.postgresql.sql), and would compile
    // what looks expensive or spread it over processes, which takes longer than the statement.
    "set_config('jit', 'off', false), set_config('max_parallel_workers_per_gather', '0', false), "
    "(SELECT CASE WHEN s.ssl THEN s.version ELSE '' END FROM pg_stat_ssl s "
    "WHERE s.pid = pg_backend_pid()), "
    "current_setting('server_version')";

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

// libpq has its own places for authorities, and none that stands for the system's before
// version 16.
bool libpq_has_authorities() {
    const char* const named = std::getenv("PGSSLROOTCERT");
    const char* const home = std::getenv("HOME");
    return (named != nullptr && *named != '\0') ||
           (home != nullptr &&
            access((std::string(home) + "/.postgresql/root.crt").c_str(), R_OK) == 0);
}

// PostgreSQL counts an offset as POSIX does, west of Greenwich, and everybody else counts it east:
// with +02:00 as it is the session's clock would be four hours wrong, and with -05:00 tokens would
// expire ten hours early.
std::string posix_zone(const std::string& zone) {
    if (!zone.starts_with('+') && !zone.starts_with('-')) {
        return zone;
    }
    return fmt::format("<{}>{}{}", zone, zone.front() == '+' ? '-' : '+', zone.substr(1));
}

// "UTC+2" is such an offset in disguise. IANA's own Etc/GMT-2 counts west by its definition.
void require_plain_zone(const Address& address, std::string_view zone) {
    const std::size_t sign = zone.find_first_of("+-");
    const bool offset =
        sign != 0 && sign + 1 < zone.size() && zone[sign + 1] >= '0' && zone[sign + 1] <= '9';
    if (sign != std::string_view::npos && offset && !zone.starts_with("Etc/")) {
        throw connect_error(
            ErrorKind::config, address,
            fmt::format("PostgreSQL reads the time zone {} with the sign turned round; write an "
                        "offset such as +02:00 or a name such as Europe/Rome",
                        zone));
    }
}

// Only where nothing was said about it at either place.
bool leaves_tls_to_uri(const Address& address, const util::Tls& tls) {
    if (address.has_sslmode && tls.mode != util::TlsMode::automatic) {
        throw util::Error(ErrorKind::config,
                          fmt::format("database.url has an sslmode and database.tls is {}; give "
                                      "one of them",
                                      name(tls.mode)));
    }
    return tls.mode == util::TlsMode::automatic && (address.has_sslmode || address.is_local);
}

std::string_view sslmode(util::TlsMode mode) {
    return mode == util::TlsMode::off ? "disable" : name(mode);
}

// The URI with what libpq needs besides; a value of the user's own comes first and libpq lets the
// last one win, so nothing that is there already is added.
std::string connection_uri(const Address& address, const SessionOptions& options) {
    std::string uri = address.uri;
    const auto add = [&uri](std::string_view key, std::string_view value) {
        if (uri.find(fmt::format("?{}=", key)) != std::string::npos ||
            uri.find(fmt::format("&{}=", key)) != std::string::npos) {
            return;
        }
        uri += fmt::format("{}{}={}", uri.find('?') == std::string::npos ? '?' : '&', key,
                           percent_encoded(value));
    };
    if (!address.password.empty()) {
        add("password", address.password);
    }
    if (!leaves_tls_to_uri(address, options.tls)) {
        const util::TlsMode mode = tls_mode(address, options.tls.mode);
        add("sslmode", sslmode(mode));
        const bool verifies = mode >= util::TlsMode::verify_ca;
        if (verifies && (!options.tls.ca.empty() || !libpq_has_authorities())) {
            add("sslrootcert", authorities(options.tls));
        }
    }
    add("application_name", options.application_name);
    add("connect_timeout", std::to_string(options.connect_timeout_s));
    // A server that vanished without a word is noticed within two minutes instead of two hours.
    add("keepalives_idle", "60");
    add("keepalives_interval", "10");
    add("keepalives_count", "6");
    return uri;
}

std::string text_of(const Value& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*integer);
    }
    const auto* const text = std::get_if<std::string>(&value);
    return text == nullptr ? std::string() : *text;
}

Rows all_rows(const pqxx::result& result) {
    Rows rows;
    rows.reserve(static_cast<std::size_t>(result.size()));
    for (const pqxx::row& source : result) {
        Row& row = rows.emplace_back();
        row.reserve(source.size());
        for (const pqxx::field& field : source) {
            if (field.is_null()) {
                row.emplace_back(std::nullopt);
            } else {
                row.emplace_back(std::string(field.c_str(), field.size()));
            }
        }
    }
    return rows;
}

class PostgresqlConnection final : public Connection {
public:
    PostgresqlConnection(Address address, const SessionOptions& options)
        : m_address(std::move(address)), m_session(open(m_address, options)), m_work(*m_session) {
        set_up(options);
        m_statements = 0;
    }

    using Connection::execute;
    using Connection::query;

    Rows query(std::string_view sql, std::span<const Value> parameters) override {
        return all_rows(run(sql, parameters));
    }

    std::int64_t execute(std::string_view sql, std::span<const Value> parameters) override {
        return static_cast<std::int64_t>(run(sql, parameters).affected_rows());
    }

    void begin() override {
        execute("BEGIN ISOLATION LEVEL READ COMMITTED");
        m_in_transaction = true;
        m_failed = false;
    }

    void commit() override {
        if (m_failed) {
            // The server would answer this COMMIT with a ROLLBACK and no error.
            rollback();
            throw util::Error(
                ErrorKind::software,
                fmt::format("COMMIT on {} after a statement of the same transaction had failed; "
                            "it was rolled back, and this is a bug",
                            m_address.text()));
        }
        try {
            execute("COMMIT");
            m_in_transaction = false;
        } catch (const util::Error&) {
            rollback();
            throw;
        }
    }

    void rollback() noexcept override {
        m_failed = false;
        if (!std::exchange(m_in_transaction, false)) {
            return;
        }
        try {
            execute("ROLLBACK");
        } catch (...) {
            // The session is gone, and its transaction with it.
        }
    }

    Dialect dialect() const noexcept override { return Dialect::postgresql; }
    std::string server() const override { return m_server; }
    std::string transport() const override {
        return m_tls_version.empty() ? "not encrypted" : m_tls_version;
    }
    std::int64_t statements() const noexcept override { return m_statements; }

private:
    static std::unique_ptr<pqxx::connection> open(const Address& address,
                                                  const SessionOptions& options) {
        try {
            auto session = std::make_unique<pqxx::connection>(connection_uri(address, options));
            forbid_reconnection(*session);
            return session;
        } catch (const pqxx::pqxx_exception& exception) {
            throw connect_error(ErrorKind::connection, address, exception.base().what());
        }
    }

    // A session that comes back by itself has lost its transaction and its settings: DELETEs would
    // commit one by one.
    static void forbid_reconnection(pqxx::connection& session) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wdeprecated-declarations"  // libpqxx 7 has no reconnection and drops the call
        session.inhibit_reactivation(true);
#pragma GCC diagnostic pop
    }

    void set_up(const SessionOptions& options) {
        require_plain_zone(m_address, options.time_zone);
        const std::int64_t lock_wait_ms = std::max(options.lock_wait_ms, shortest_lock_wait_ms);
        const Rows rows = query(
            session_sql,
            {Value(posix_zone(options.time_zone)), Value(fmt::format("{}ms", lock_wait_ms)),
             Value(fmt::format("{}ms", std::max<std::int64_t>(options.statement_timeout_ms, 0))),
             Value(std::string(idle_limit)), Value(std::string(options.read_only ? "on" : "off"))});
        const std::string version = rows.at(0).back().value_or("");
        m_tls_version = rows.at(0).at(rows.at(0).size() - 2).value_or("");
        m_server = fmt::format("PostgreSQL {}", version.substr(0, version.find(' ')));
    }

    // Statements go out one by one; transactions are BEGIN and COMMIT of our own, so that a lost
    // COMMIT shows as the lost connection it is.
    pqxx::result run(std::string_view sql, std::span<const Value> parameters) {
        ++m_statements;
        try {
            return parameters.empty() ? m_work.exec(std::string(sql)) : run_bound(sql, parameters);
        } catch (const pqxx::pqxx_exception& exception) {
            m_failed = m_in_transaction;
            throw statement_error(kind_of(exception), m_address, sql, described(exception));
        }
    }

    pqxx::result run_bound(std::string_view sql, std::span<const Value> parameters) {
        const Numbered numbered = number_placeholders(sql);
        if (numbered.count != parameters.size()) {
            // libpqxx throws the same for this and for a lost connection.
            throw parameter_error(sql, numbered.count, parameters.size());
        }
        std::vector<std::string> texts;
        texts.reserve(parameters.size());
        std::ranges::transform(parameters, std::back_inserter(texts), text_of);
        std::vector<const char*> values;
        values.reserve(parameters.size());
        for (std::size_t index = 0; index < parameters.size(); ++index) {
            const bool is_null = std::holds_alternative<std::monostate>(parameters[index]);
            values.push_back(is_null ? nullptr : texts[index].c_str());
        }
        const auto dynamic = pqxx::prepare::make_dynamic_params(values);
        return numbered.names_arrays ? m_work.exec_prepared(prepared(numbered.text), dynamic)
                                     : m_work.exec_params(numbered.text, dynamic);
    }

    // Statements on arrays of ids are few and come with every batch. The server reads and plans
    // them once, and a plan for any array is the right one: by index wherever there is one.
    const std::string& prepared(const std::string& sql) {
        const auto known = m_prepared.find(sql);
        if (known != m_prepared.end()) {
            return known->second;
        }
        const std::string name = fmt::format("iam_token_gc_{}", m_prepared.size() + 1);
        m_session->prepare(name, sql);
        ++m_statements;
        return m_prepared.emplace(sql, name).first->second;
    }

    // By exception type first: a deadlock is no sql_error, and a missing privilege has no SQLSTATE
    // (driver-notes.md).
    ErrorKind kind_of(const pqxx::pqxx_exception& exception) const {
        const std::exception* const base = &exception.base();
        if (!m_session->is_open() ||
            dynamic_cast<const pqxx::broken_connection*>(base) != nullptr ||
            dynamic_cast<const pqxx::in_doubt_error*>(base) != nullptr ||
            dynamic_cast<const pqxx::statement_completion_unknown*>(base) != nullptr ||
            is_silent(exception)) {
            return ErrorKind::connection;
        }
        if (dynamic_cast<const pqxx::transaction_rollback*>(base) != nullptr) {
            return ErrorKind::transient;
        }
        if (dynamic_cast<const pqxx::insufficient_privilege*>(base) != nullptr) {
            return ErrorKind::permission;
        }
        if (dynamic_cast<const pqxx::undefined_table*>(base) != nullptr ||
            dynamic_cast<const pqxx::undefined_column*>(base) != nullptr) {
            return ErrorKind::data;
        }
        const auto* const error = dynamic_cast<const pqxx::sql_error*>(base);
        return error == nullptr ? ErrorKind::software : postgresql_error_kind(error->sqlstate());
    }

    // A server that crashed leaves an error without SQLSTATE and without a type of its own.
    static bool is_silent(const pqxx::pqxx_exception& exception) {
        const std::exception& base = exception.base();
        const auto* const error = dynamic_cast<const pqxx::sql_error*>(&base);
        return typeid(base) == typeid(pqxx::failure) ||
               (typeid(base) == typeid(pqxx::sql_error) && error->sqlstate().empty());
    }

    static std::string described(const pqxx::pqxx_exception& exception) {
        const auto* const error = dynamic_cast<const pqxx::sql_error*>(&exception.base());
        if (error == nullptr || error->sqlstate().empty()) {
            return exception.base().what();
        }
        return fmt::format("SQLSTATE {}: {}", error->sqlstate(), exception.base().what());
    }

    Address m_address;
    std::unique_ptr<pqxx::connection> m_session;
    pqxx::nontransaction m_work;
    std::string m_server;
    std::string m_tls_version;
    std::unordered_map<std::string, std::string> m_prepared{};  // names by text
    bool m_in_transaction = false;
    bool m_failed = false;
    std::int64_t m_statements = 0;
};

}  // namespace

std::unique_ptr<Connection> connect_postgresql(const Address& address,
                                               const SessionOptions& options) {
    return std::make_unique<PostgresqlConnection>(address, options);
}

}  // namespace db
