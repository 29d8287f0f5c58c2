// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"
#include "db/blocking.hpp"
#include "gc/health.hpp"

#include <memory>

namespace command {

// The signals that the configuration wants of this server, read on sessions of their own; null when
// there is nothing to read. Opens no session yet. Throws Error(config) for a URL in
// throttle.replicas that is none of MySQL.
std::unique_ptr<gc::HealthSource> open_health(const config::Config& config);

// What looks whether the run blocks others; null when throttle.watch_blocking is false, and for
// SQLite. Opens no session yet.
std::unique_ptr<db::BlockingWatch> open_blocking_watch(const config::Config& config);

}  // namespace command
