// SPDX-License-Identifier: Apache-2.0
#include "db/health.hpp"

#include "db/health_mysql.hpp"
#include "db/health_postgresql.hpp"

#include <utility>

namespace db {

std::unique_ptr<gc::HealthSource> make_health(HealthOptions options) {
    if (options.signals.empty()) {
        return nullptr;
    }
    switch (options.server.dialect) {
    case Dialect::mysql:
        return std::make_unique<MysqlHealth>(std::move(options));
    case Dialect::postgresql:
        return std::make_unique<PostgresqlHealth>(std::move(options));
    case Dialect::sqlite:
        return nullptr;
    }
    return nullptr;
}

std::vector<gc::Reading> unreadable(const std::set<gc::Signal>& signals, const std::string& of,
                                    const std::string& why) {
    std::vector<gc::Reading> readings;
    readings.reserve(signals.size());
    for (const gc::Signal signal : signals) {
        readings.push_back({.signal = signal, .of = of, .detail = why});
    }
    return readings;
}

}  // namespace db
