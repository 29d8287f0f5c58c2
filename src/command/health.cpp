// SPDX-License-Identifier: Apache-2.0
#include "command/health.hpp"

#include "command/address.hpp"
#include "config/signal_limits.hpp"
#include "db/health.hpp"
#include "util/error.hpp"

namespace command {

namespace {

// Somebody waits for a reading, a signal to end the run included, so it is given up soon.
std::unique_ptr<db::Connection> open_observer(const db::Address& address,
                                              const config::Config& config) {
    db::SessionOptions options;
    options.time_zone = config.database.time_zone;
    options.statement_timeout_ms = 1000;
    options.connect_timeout_s = 1;
    options.read_only = true;
    options.tls = config.database.tls;
    return db::connect(address, options);
}

}  // namespace

std::unique_ptr<gc::HealthSource> open_health(const config::Config& config) {
    db::HealthOptions options{.server = database_address(config)};
    for (const auto& [signal, limits] : config.gc.throttle.signals) {
        if (limits.on && signal != gc::Signal::pause_file) {
            options.signals.insert(signal);
        }
    }
    if (!config.database.replicas.empty() && options.server.dialect != db::Dialect::mysql) {
        throw util::Error(util::ErrorKind::config,
                          "throttle.replicas is for MySQL and MariaDB; leave it empty, PostgreSQL "
                          "knows its replicas itself");
    }
    for (const std::string& replica : config.database.replicas) {
        if (replica == config::k_discover) {
            options.discover = true;
        } else {
            options.replicas.push_back(replica_address(replica, config));
        }
    }
    options.connect = [config](const db::Address& address) {
        return open_observer(address, config);
    };
    return db::make_health(std::move(options));
}

std::unique_ptr<db::BlockingWatch> open_blocking_watch(const config::Config& config) {
    const db::Address address = database_address(config);
    if (!config.gc.throttle.watch_blocking || address.dialect == db::Dialect::sqlite) {
        return nullptr;
    }
    return std::make_unique<db::BlockingWatch>(
        [config, address] { return open_observer(address, config); });
}

}  // namespace command
