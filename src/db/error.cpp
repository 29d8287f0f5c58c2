// SPDX-License-Identifier: Apache-2.0
#include "db/error.hpp"

#include <fmt/format.h>

#include <string>

namespace db {

using util::ErrorKind;

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Belt and braces: no driver is known to repeat a password. A very short one is left, since
// blotting out each "p" of a message would tell more than it hides.
std::string scrubbed(std::string text, const std::string& password) {
    constexpr std::size_t shortest = 4;
    if (password.size() < shortest) {
        return text;
    }
    constexpr std::string_view blot = "***";
    for (auto at = text.find(password); at != std::string::npos;
         at = text.find(password, at + blot.size())) {
        text.replace(at, password.size(), blot);
    }
    return text;
}

// PostgreSQL repeats the statement with its literals below the first line, so only that line is
// shown.
std::string_view first_line(std::string_view text) noexcept {
    const std::string_view inner = trimmed(text);
    return trimmed(inner.substr(0, inner.find('\n')));
}

std::string on_one_line(std::string_view text) {
    std::string line;
    for (std::string_view rest = trimmed(text); !rest.empty();) {
        const auto end = rest.find('\n');
        line += line.empty() ? "" : " ";
        line += trimmed(rest.substr(0, end));
        rest = end == std::string_view::npos ? std::string_view() : trimmed(rest.substr(end));
    }
    return line;
}

std::string_view advice(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::connection:
        return "; check that the server runs and that database.url names it and a valid account";
    case ErrorKind::permission:
        return "; `iam-token-gc check` prints the GRANT that is missing (all are in sql/admin), or "
               "name a writable server in database.url";
    case ErrorKind::data:
        return "; see `iam-token-gc check` for what is expected";
    case ErrorKind::config:
        return "; correct the configuration";
    default:
        return "";
    }
}

}  // namespace

ErrorKind mysql_error_kind(int number) noexcept {
    switch (number) {
    case 1040:  // too many connections
    case 1053:  // server shutdown in progress
    case 1077:  // normal shutdown
    case 1079:  // shutdown complete
    case 1080:  // forcing close of a thread
    case 1129:  // host is blocked
    case 1152:  // aborted connection
    case 1158:  // communication packets: read error
    case 1159:  // read timeout
    case 1160:  // write error
    case 1161:  // write timeout
    case 1184:  // aborted connection, with the reason
    case 1203:  // the account has too many connections
    case 1226:  // the account used up a resource
    case 1927:  // connection was killed
    case 2002:  // no server on the socket
    case 2003:  // no server on the port
    case 2005:  // unknown host
    case 2006:  // server has gone away
    case 2012:  // error in the server's greeting
    case 2013:  // lost connection during a query
    case 2026:  // TLS failed
    case 2055:  // lost connection, with the system's reason
    case 3169:  // session was killed
    case 4031:  // disconnected for inactivity
        return ErrorKind::connection;
    case 1044:  // no right on the database
    case 1045:  // wrong user or password
    case 1130:  // this host may not connect
    case 1142:  // no right on the table
    case 1143:  // no right on the column
    case 1227:  // a global right is missing
    case 1290:  // server runs with --read-only
    case 1370:  // no right on the routine
    case 1698:  // access denied by the authentication plugin
    case 1792:  // read-only transaction
    case 1820:  // password has to be changed first
    case 1836:  // read-only mode
    case 1862:  // password has expired
        return ErrorKind::permission;
    case 1020:  // record has changed since last read (MariaDB with innodb_snapshot_isolation)
    case 1021:  // disk full
    case 1047:  // Galera: node is not ready
    case 1114:  // table is full
    case 1180:  // Galera: the commit failed
    case 1205:  // lock wait timeout
    case 1206:  // the lock table is full
    case 1213:  // deadlock, also a failed certification
    case 1317:  // query was interrupted
    case 1412:  // the table was altered, retry the transaction
    case 1615:  // the prepared statement has to be prepared again
    case 1637:  // too many active transactions
    case 1689:  // the wait for a lock was aborted
    case 1969:  // max_statement_time (MariaDB)
    case 3024:  // max_execution_time (MySQL)
    case 3058:  // deadlock among GET_LOCKs
    case 3572:  // NOWAIT found a lock
        return ErrorKind::transient;
    case 1049:  // unknown database
    case 1054:  // unknown column
    case 1146:  // unknown table
        return ErrorKind::data;
    case 1046:  // no database selected
    case 1298:  // unknown time zone
        return ErrorKind::config;
    default:
        return ErrorKind::software;
    }
}

ErrorKind postgresql_error_kind(std::string_view sqlstate) noexcept {
    if (sqlstate.starts_with("08") || sqlstate == "53300" || sqlstate == "57P01" ||
        sqlstate == "57P02" || sqlstate == "57P03" || sqlstate == "57P05" || sqlstate == "25P03") {
        return ErrorKind::connection;  // lost, too many connections, shut down, idle for too long
    }
    if (sqlstate == "42501" || sqlstate == "25006" || sqlstate.starts_with("28")) {
        return ErrorKind::permission;  // no right, read-only, not authorised
    }
    if (sqlstate.starts_with("40") || sqlstate.starts_with("53") || sqlstate == "55P03" ||
        sqlstate == "57014") {
        return ErrorKind::transient;  // rolled back, out of resources, lock timeout, cancelled
    }
    if (sqlstate == "22023") {
        return ErrorKind::config;  // a setting has a value the server does not know, such as a time
                                   // zone
    }
    if (sqlstate == "42P01" || sqlstate == "42703" || sqlstate == "3D000" || sqlstate == "3F000") {
        return ErrorKind::data;  // unknown table, column, database, schema
    }
    return ErrorKind::software;
}

std::string_view statement_tag(std::string_view sql) noexcept {
    constexpr std::size_t longest = 80;
    const std::string_view text = trimmed(sql);
    if (text.starts_with("/*")) {
        const auto end = text.find("*/");
        return end == std::string_view::npos ? "statement"
                                             : trimmed(text.substr(2, end - 2)).substr(0, longest);
    }
    const std::string_view word =
        text.substr(0, text.find_first_of(" \t\r\n(;")).substr(0, longest);
    return word.empty() ? "empty statement" : word;
}

util::Error statement_error(ErrorKind kind, const Address& address, std::string_view sql,
                            std::string_view server_text) {
    const std::string said = scrubbed(std::string(first_line(server_text)), address.password);
    return util::Error(kind, fmt::format("{} failed on {}: {}{}", statement_tag(sql),
                                         address.text(), said, advice(kind)));
}

util::Error parameter_error(std::string_view sql, std::size_t wanted, std::size_t given) {
    return util::Error(ErrorKind::software,
                       fmt::format("{} wants {} parameters and got {}; this is a bug",
                                   statement_tag(sql), wanted, given));
}

util::Error connect_error(ErrorKind kind, const Address& address, std::string_view server_text) {
    const std::string said = scrubbed(on_one_line(server_text), address.password);
    // A server answers a wrong password as it answers a missing right.
    const std::string_view what_to_do =
        kind == ErrorKind::permission
            ? "; check the user, the password and from where the server lets that user in"
            : advice(kind);
    return util::Error(
        kind, fmt::format("cannot open a session with {}: {}{}", address.text(), said, what_to_do));
}

}  // namespace db
