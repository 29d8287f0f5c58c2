// SPDX-License-Identifier: Apache-2.0
#include "config/database_keys.hpp"

#include "config/key_builders.hpp"
#include "util/url.hpp"

#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;

constexpr Names<util::TlsMode, 5> k_tls_modes{{{"auto", util::TlsMode::automatic},
                                               {"verify-full", util::TlsMode::verify_full},
                                               {"verify-ca", util::TlsMode::verify_ca},
                                               {"require", util::TlsMode::require},
                                               {"off", util::TlsMode::off}}};

}  // namespace

void add_database_keys(std::vector<Key>& keys) {
    keys.push_back(
        {.path = "database.url",
         .option = "--database-url",
         .placeholder = "URL",
         .type = ValueType::text,
         .help = "The database: mysql://user@host:port/name, postgresql://user@host/name or "
                 "sqlite:///path; required",
         .parse = [](Config& config,
                     std::string_view text) { config.database.url = parse_url(text); },
         .print =
             [](const Config& config) { return util::without_password(config.database.url); }});
    keys.push_back(
        {.path = "database.password_file",
         .option = "--password-file",
         .placeholder = "FILE",
         .type = ValueType::text,
         .help = "File that holds the password and nothing else, and that others may "
                 "not read; empty for none",
         .parse = [](Config& config,
                     std::string_view text) { config.database.password_file = parse_text(text); },
         .print = [](const Config& config) { return config.database.password_file; }});
    keys.push_back(choice_key(
        {"database.tls", "--tls",
         "How the way to the server is protected; auto is verify-full, but for local sockets and "
         "loopback, where it is off"},
        k_tls_modes, [](auto& config) -> auto& { return config.database.tls.mode; }));
    keys.push_back(
        {.path = "database.tls_ca",
         .option = "--tls-ca",
         .placeholder = "FILE",
         .type = ValueType::text,
         .help = "Certificates in PEM of the authorities that vouch for the server; "
                 "empty for those that this machine trusts",
         .parse = [](Config& config,
                     std::string_view text) { config.database.tls.ca = parse_text(text); },
         .print = [](const Config& config) { return config.database.tls.ca; }});
    keys.push_back(
        {.path = "database.time_zone",
         .option = "--time-zone",
         .placeholder = "ZONE",
         .type = ValueType::text,
         .help = "Time zone of the session, which for PostgreSQL must be that of the server's JVM; "
                 "UTC, a name such as Europe/Rome or an offset such as +02:00",
         .parse = [](Config& config,
                     std::string_view text) { config.database.time_zone = parse_time_zone(text); },
         .print = [](const Config& config) { return config.database.time_zone; }});
    keys.push_back(duration_key(
        {"database.connect_timeout", "--connect-timeout", "How long to wait for a connection"},
        {1s, 5min}, [](auto& config) -> auto& { return config.database.connect_timeout; }));
    keys.push_back(duration_key(
        {"database.statement_timeout", "--statement-timeout",
         "How long one statement may take before it is given up"},
        {1s, 1h}, [](auto& config) -> auto& { return config.database.statement_timeout; }));
}

}  // namespace config
