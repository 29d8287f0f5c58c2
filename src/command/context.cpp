// SPDX-License-Identifier: Apache-2.0
#include "command/context.hpp"

#include "cli/version.hpp"
#include "command/address.hpp"
#include "report/output.hpp"
#include "util/time.hpp"

#include <utility>

namespace command {

std::unique_ptr<db::Connection> open_connection(const config::Config& config, bool read_only) {
    db::SessionOptions options;
    options.time_zone = config.database.time_zone;
    options.lock_wait_ms = config.gc.limits.lock_wait.count();
    options.statement_timeout_ms = config.database.statement_timeout.count();
    options.connect_timeout_s = (config.database.connect_timeout.count() + 999) / 1000;
    options.read_only = read_only;
    options.tls = config.database.tls;
    return db::connect(database_address(config), options);
}

std::unique_ptr<db::SqlStore> open_store(const config::Config& config, bool read_only,
                                         db::BlockingWatch* watch) {
    const auto open = [config, read_only, watch] {
        std::unique_ptr<db::Connection> connection = open_connection(config, read_only);
        return watch == nullptr ? std::move(connection)
                                : db::watched(std::move(connection), *watch);
    };
    return std::make_unique<db::SqlStore>(open(), open);
}

report::Head make_head(const Context& context, const std::string& command) {
    const config::Config& config = context.config();
    return {.command = command,
            .version = std::string(cli::k_version),
            .database_url = database_name(config),
            .time_zone = config.database.time_zone,
            .grace = util::format_duration(config.gc.policy.grace)};
}

void fill(report::Head& head, const gc::Schema& schema) {
    head.server = schema.server;
    head.database = schema.database;
    head.level = schema.level;
}

void print(const Context& context, const std::string& text) {
    report::OutputKind kind;
    if (context.config().report.format == config::ReportFormat::openmetrics) {
        kind.mode = report::k_metrics_output.mode;
    }
    report::Output output(context.config().report.file, kind);
    output.finish(text);
}

int exit_code_after(const util::Signals& signals) {
    constexpr int signal_base = 128;
    return signals.signal() == 0 ? 0 : signal_base + signals.signal();
}

bool wants_json(const Context& context) {
    return context.config().report.format == config::ReportFormat::json;
}

}  // namespace command
