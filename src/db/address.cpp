// SPDX-License-Identifier: Apache-2.0
#include "db/connection.hpp"
#include "db/transport.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <utility>

namespace db {

namespace {

// What libpq 15 to 18 know, without the keywords that hold a secret other than `password`.
constexpr std::array libpq_keys = std::to_array<std::string_view>({
    "application_name",
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "max_protocol_version",
    "min_protocol_version",
    "options",
    "passfile",
    "password",
    "port",
    "require_auth",
    "requirepeer",
    "service",
    "ssl",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslmode",
    "sslnegotiation",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
});

// The parts of a URL as they stand in it, percent-encoding and all.
struct Parts {
    std::string_view scheme;
    std::string_view user;
    std::string_view password;
    std::string_view hosts;
    std::string_view path;  // without the slash in front
    std::vector<std::pair<std::string_view, std::string_view>> query;
};

// No message repeats a piece of the URL but the name of a known scheme or of a query key: a
// password with an unescaped '@', '/' or '?' could stand anywhere.
[[noreturn]] void refuse(std::string_view reason) {
    throw util::Error(
        util::ErrorKind::config,
        fmt::format(
            "database.url: {}; allowed are mysql://user@host:port/database, "
            "mysql://user@localhost/database?socket=/path, mysql://user@node1,node2/database, "
            "postgresql://user@host:port/database as libpq takes it, and sqlite:///path",
            reason));
}

int hex_digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto at = digits.find(lower);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            refuse(
                "a '%' has to be followed by two hexadecimal digits, and a plain one is written "
                "%25");
        }
        plain += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return plain;
}

// Leaves what needs no escape in any part of a URL, and the slash of a path.
std::string encoded(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string result;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

int port_number(std::string_view text) {
    int port = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || rest != text.data() + text.size() || port < 1 || port > 65535) {
        refuse("the port has to be a number from 1 to 65535");
    }
    return port;
}

// "host:port" or "[::1]:port" to host and port; no port is 0.
std::pair<std::string, int> host_and_port(std::string_view text) {
    std::string_view host = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) {
            refuse("the ']' behind an IPv6 address is missing");
        }
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        host = text.substr(0, colon);
        rest = text.substr(colon);
    }
    if (!rest.empty() && rest.front() != ':') {
        refuse("only a ':' and the port may follow the host");
    }
    return {decoded(host), rest.size() > 1 ? port_number(rest.substr(1)) : 0};
}

void split_query(std::string_view query, Parts& parts) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            refuse("what follows the '?' has to be key=value, joined by '&'");
        }
        parts.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

Parts split(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) {
        refuse("it has to begin with a scheme and '://'");
    }
    Parts parts;
    parts.scheme = url.substr(0, colon);
    std::string_view rest = url.substr(colon + 3);
    const auto query = std::min(rest.find('?'), rest.size());
    const auto slash = std::min(rest.find('/'), query);
    std::string_view authority = rest.substr(0, slash);
    if (rest.find('@', slash) != std::string_view::npos) {
        refuse(
            "an '@', '/' or '?' in the user name or the password is written %40, %2F or %3F, and "
            "so is an '@' "
            "behind the host");
    }
    parts.path = slash < query ? rest.substr(slash + 1, query - slash - 1) : std::string_view();
    split_query(query < rest.size() ? rest.substr(query + 1) : std::string_view(), parts);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view account = authority.substr(0, at);
        const auto separator = std::min(account.find(':'), account.size());
        parts.user = account.substr(0, separator);
        parts.password = account.substr(std::min(separator + 1, account.size()));
        authority.remove_prefix(at + 1);
    }
    parts.hosts = authority;
    return parts;
}

[[noreturn]] void refuse_key(std::string_view key, std::string_view known) {
    const bool is_word =
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    refuse(fmt::format("the key {} behind the '?' is not known, {}",
                       is_word ? fmt::format("'{}'", key) : "", known));
}

// The nodes of a cluster, with commas between them.
void read_mysql_hosts(std::string_view hosts, Address& address) {
    std::tie(address.host, address.port) = host_and_port(hosts.substr(0, hosts.find(',')));
    std::string_view rest = hosts;
    while (rest.find(',') != std::string_view::npos) {
        rest.remove_prefix(rest.find(',') + 1);
        const auto [name, port] = host_and_port(rest.substr(0, rest.find(',')));
        if (name.empty() || address.host.empty()) {
            refuse("a host is missing in the list");
        }
        address.more_hosts.push_back({.name = name, .port = port});
    }
}

Address mysql_address(const Parts& parts) {
    Address address{.dialect = Dialect::mysql,
                    .user = decoded(parts.user),
                    .password = decoded(parts.password),
                    .database = decoded(parts.path)};
    read_mysql_hosts(parts.hosts, address);
    for (const auto& [key, value] : parts.query) {
        if (key != "socket") {
            refuse_key(key, "only 'socket' is");
        }
        address.socket = decoded(value);
    }
    if (address.host.empty() && address.socket.empty()) {
        refuse("the host is missing");
    }
    if (!address.socket.empty() && !address.more_hosts.empty()) {
        refuse("a socket goes with one host and no list");
    }
    address.is_local =
        !address.socket.empty() || (is_local_host(address.host) &&
                                    std::ranges::all_of(address.more_hosts, [](const Host& host) {
                                        return is_local_host(host.name);
                                    }));
    return address;
}

void check_postgresql_ports(std::string_view ports) {
    for (std::string_view rest = ports; !rest.empty();) {
        const auto end = std::min(rest.find(','), rest.size());
        if (end > 0) {
            port_number(rest.substr(0, end));
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

// A list of hosts as the keys host and hostaddr hold it.
bool all_local(std::string_view hosts) {
    while (true) {
        const auto end = std::min(hosts.find(','), hosts.size());
        if (!is_local_host(hosts.substr(0, end))) {
            return false;
        }
        if (end == hosts.size()) {
            return true;
        }
        hosts.remove_prefix(end + 1);
    }
}

// libpq allows several hosts, each with its port; the first one stands in the address.
void read_postgresql_hosts(std::string_view hosts, Address& address) {
    address.is_local = !hosts.empty();
    bool is_first = true;
    for (std::string_view rest = hosts; !rest.empty(); is_first = false) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto [host, port] = host_and_port(rest.substr(0, end));
        if (is_first) {
            address.host = host;
            address.port = port;
        }
        address.is_local = address.is_local && is_local_host(host);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
}

Address postgresql_address(const Parts& parts) {
    Address address{.dialect = Dialect::postgresql,
                    .user = decoded(parts.user),
                    .password = decoded(parts.password),
                    .database = decoded(parts.path)};
    read_postgresql_hosts(parts.hosts, address);
    address.uri = fmt::format("postgresql://{}{}{}/{}", encoded(address.user),
                              parts.user.empty() ? "" : "@", parts.hosts, parts.path);
    char separator = '?';
    bool is_local_address = true;
    for (const auto& [key, value] : parts.query) {
        const std::string text = decoded(value);
        if (std::ranges::find(libpq_keys, key) == libpq_keys.end()) {
            refuse_key(key, "or holds a secret that does not belong in a URL");
        }
        if (key == "password") {
            address.password = text;
            continue;
        }
        if (key == "port") {
            check_postgresql_ports(text);
        } else if (key == "host") {
            // libpq takes this one instead of those before the path.
            address.host = text;
            address.is_local = all_local(text);
        } else if (key == "hostaddr") {
            is_local_address = all_local(text);
        } else if (key == "service") {
            is_local_address = false;
        } else if (key == "sslmode") {
            address.has_sslmode = true;
        } else if (key == "user") {
            address.user = text;
        } else if (key == "dbname") {
            address.database = text;
        }
        address.uri += fmt::format("{}{}={}", std::exchange(separator, '&'), key, value);
    }
    address.is_local = address.is_local && is_local_address;
    return address;
}

// sqlite:///absolute/path or sqlite:relative/path.
Address sqlite_address(std::string_view rest) {
    if (rest.starts_with("//")) {
        rest.remove_prefix(2);
        if (!rest.starts_with('/')) {
            refuse(
                "an SQLite file has no host, so three slashes precede an absolute path and none a "
                "relative one");
        }
    }
    if (rest.find('?') != std::string_view::npos) {
        refuse("an SQLite URL has no '?' with keys; in a path it is written %3F");
    }
    const std::string path = decoded(rest);
    if (path.empty() || path.back() == '/') {
        refuse("the path of the SQLite file is missing");
    }
    return {.dialect = Dialect::sqlite, .database = path};
}

std::string host_text(const Host& host) {
    const bool is_ipv6 = host.name.find(':') != std::string::npos;
    return fmt::format("{}{}", is_ipv6 ? fmt::format("[{}]", host.name) : encoded(host.name),
                       host.port == 0 ? "" : fmt::format(":{}", host.port));
}

}  // namespace

Address parse_url(std::string_view url) {
    if (std::ranges::any_of(
            url, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; })) {
        refuse("blanks and control characters have to be percent-encoded");
    }
    constexpr std::string_view sqlite_scheme = "sqlite:";
    if (url.starts_with(sqlite_scheme)) {
        return sqlite_address(url.substr(sqlite_scheme.size()));
    }
    const Parts parts = split(url);
    if (parts.scheme == "mysql" || parts.scheme == "mariadb") {
        return mysql_address(parts);
    }
    if (parts.scheme == "postgresql" || parts.scheme == "postgres") {
        return postgresql_address(parts);
    }
    refuse("its scheme is not known");
}

std::string Address::text() const {
    switch (dialect) {
    case Dialect::postgresql:
        return uri;
    case Dialect::sqlite:
        return fmt::format("sqlite:{}{}", database.starts_with('/') ? "//" : "", encoded(database));
    case Dialect::mysql:
        break;
    }
    std::string hosts = host_text({.name = host, .port = port});
    for (const Host& more : more_hosts) {
        hosts += "," + host_text(more);
    }
    return fmt::format("mysql://{}{}{}/{}{}", encoded(user), user.empty() ? "" : "@", hosts,
                       encoded(database),
                       socket.empty() ? "" : fmt::format("?socket={}", encoded(socket)));
}

std::vector<Address> each_host(const Address& address) {
    std::vector<Address> addresses{address};
    addresses.front().more_hosts.clear();
    for (const Host& host : address.more_hosts) {
        Address other = addresses.front();
        other.host = host.name;
        other.port = host.port;
        addresses.push_back(std::move(other));
    }
    return addresses;
}

}  // namespace db
