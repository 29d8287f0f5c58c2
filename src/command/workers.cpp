// SPDX-License-Identifier: Apache-2.0
#include "command/workers.hpp"

#include "command/address.hpp"
#include "util/log.hpp"

#include <string_view>

namespace command {

namespace {

// Why one worker has to do; empty when many can.
std::string_view why_alone(const Context& context) {
    const config::Config& config = context.config();
    const db::Address address = db::parse_url(config.database.url);
    if (!config.archive.path.empty()) {
        return "an archive is written batch after batch";
    }
    if (!config.certificate.file.empty()) {
        return "a certificate is made of what one session does";
    }
    if (!context.invocation.plan_file.empty()) {
        return "a plan is carried out";
    }
    if (address.dialect == db::Dialect::sqlite) {
        return "SQLite has one writer at a time";
    }
    if (!address.more_hosts.empty()) {
        return "database.url names several hosts, and sessions on different nodes of a cluster are "
               "in each other's way";
    }
    return "";
}

}  // namespace

void add_sessions(gc::Environment& environment, const Context& context, bool dry_run,
                  db::BlockingWatch* watch) {
    if (watch != nullptr) {
        environment.blocked_others = [watch] { return watch->take_blocked(); };
    }
    const config::Config& config = context.config();
    if (dry_run || config.gc.limits.workers <= 1) {
        return;
    }
    if (const std::string_view why = why_alone(context); !why.empty()) {
        util::log_info("one worker instead of {}, because {}", config.gc.limits.workers, why);
        return;
    }
    environment.open_worker = [&config, watch] { return open_store(config, false, watch); };
}

}  // namespace command
