// SPDX-License-Identifier: Apache-2.0
#include "db/connection.hpp"
#include "db/transport.hpp"
#include "db/url_parts.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

[[noreturn]] void refuse_key(std::string_view key, std::string_view known) {
    const bool is_word =
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
    refuse_url(fmt::format("the key {} behind the '?' is not known, {}",
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
            refuse_url("a host is missing in the list");
        }
        address.more_hosts.push_back({.name = name, .port = port});
    }
}

Address mysql_address(const UrlParts& parts) {
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
        refuse_url("the host is missing");
    }
    if (!address.socket.empty() && !address.more_hosts.empty()) {
        refuse_url("a socket goes with one host and no list");
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

Address postgresql_address(const UrlParts& parts) {
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
            refuse_url(
                "an SQLite file has no host, so three slashes precede an absolute path and none a "
                "relative one");
        }
    }
    if (rest.find('?') != std::string_view::npos) {
        refuse_url("an SQLite URL has no '?' with keys; in a path it is written %3F");
    }
    const std::string path = decoded(rest);
    if (path.empty() || path.back() == '/') {
        refuse_url("the path of the SQLite file is missing");
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
        refuse_url("blanks and control characters have to be percent-encoded");
    }
    constexpr std::string_view sqlite_scheme = "sqlite:";
    if (url.starts_with(sqlite_scheme)) {
        return sqlite_address(url.substr(sqlite_scheme.size()));
    }
    const UrlParts parts = split_url(url);
    if (parts.scheme == "mysql" || parts.scheme == "mariadb") {
        return mysql_address(parts);
    }
    if (parts.scheme == "postgresql" || parts.scheme == "postgres") {
        return postgresql_address(parts);
    }
    refuse_url("its scheme is not known");
}

std::string Address::text() const {
    switch (dialect) {
    case Dialect::postgresql:
        return uri;
    case Dialect::sqlite:
        return fmt::format("sqlite:{}{}", database.starts_with('/') ? "//" : "",
                           encoded_path(database));
    case Dialect::mysql:
        break;
    }
    std::string hosts = host_text({.name = host, .port = port});
    for (const Host& more : more_hosts) {
        hosts += "," + host_text(more);
    }
    return fmt::format("mysql://{}{}{}/{}{}", encoded(user), user.empty() ? "" : "@", hosts,
                       encoded_path(database),
                       socket.empty() ? "" : fmt::format("?socket={}", encoded_path(socket)));
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
