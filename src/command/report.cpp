// SPDX-License-Identifier: Apache-2.0
#include "command/address.hpp"
#include "command/commands.hpp"
#include "command/history.hpp"
#include "command/progress.hpp"
#include "db/sql_client_source.hpp"
#include "gc/plan.hpp"
#include "report/fleet_builder.hpp"
#include "report/fleet_formats.hpp"
#include "report/letter.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace command {

namespace {

std::string rendered(const ::report::Fleet& fleet, config::ReportFormat format,
                     const ::report::RenderOptions& options) {
    switch (format) {
    case config::ReportFormat::text:
        return ::report::fleet_text(fleet, options);
    case config::ReportFormat::json:
        return ::report::fleet_json(fleet, options);
    case config::ReportFormat::csv:
        return ::report::fleet_csv(fleet, options);
    case config::ReportFormat::openmetrics:
        return ::report::fleet_openmetrics(fleet, options);
    case config::ReportFormat::html:
        return ::report::fleet_html(fleet, options);
    case config::ReportFormat::mail:
        return ::report::fleet_mail(fleet, options);
    }
    return {};
}

void require_letter_format(const Context& context) {
    const config::ReportFormat format = context.config().report.format;
    if (!context.invocation.client.empty() && format != config::ReportFormat::text &&
        format != config::ReportFormat::mail) {
        throw util::Error(util::ErrorKind::config,
                          "--client writes a letter, so report.format must be text or mail");
    }
}

std::string letter(const ::report::Fleet& fleet, const Context& context) {
    const ::report::ClientFigures* const client =
        ::report::find_client(fleet, context.invocation.client);
    if (client == nullptr) {
        throw util::Error(util::ErrorKind::usage,
                          fmt::format("there is no client {} with tokens; the report names those "
                                      "that have some",
                                      util::escape_controls(context.invocation.client)));
    }
    return context.config().report.format == config::ReportFormat::mail
               ? ::report::letter_mail(fleet, *client)
               : ::report::letter(fleet, *client);
}

// Colours are for a terminal that can show them, and for nobody who asked for none
// (https://no-color.org).
bool wants_color(const config::OutputSettings& settings) {
    const char* const no_color = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
    const char* const terminal = std::getenv("TERM");      // NOLINT(concurrency-mt-unsafe)
    return settings.file.empty() && isatty(STDOUT_FILENO) == 1 &&
           (no_color == nullptr || *no_color == '\0') && terminal != nullptr &&
           std::string_view(terminal) != "dumb";
}

// Where the report reads.
config::Config reading_config(const Context& context) {
    config::Config config = context.config();
    if (!config.report.database_url.empty()) {
        config.database.url = config.report.database_url;
    }
    return config;
}

::report::Fleet read(const Context& context, ::report::ForecastBasis& basis) {
    const config::Config config = reading_config(context);
    ::report::Head head = make_head(context, "report");
    head.database_url = database_name(config);
    const auto store = open_store(config, true);
    const gc::Schema schema = store->schema();
    fill(head, schema);
    gc::require_known_schema(schema);
    const util::TimePoint now = store->clock().now;
    db::SqlClientSource source(store->connection(), schema);
    ReadingLine line;
    ::report::Fleet fleet = ::report::build_fleet(
        source,
        {.policy = {.now = now, .cutoff = now - config.gc.policy.grace},
         .batch_time = config.gc.limits.batch_time,
         .stop = context.signals.token(),
         .progress = [&](const ::report::ReadProgress& at) { line.show(at); }},
        config.flags, basis);
    fleet.head = head;
    return fleet;
}

}  // namespace

int report(const Context& context) {
    constexpr int flagged = 1;
    const config::Config& config = context.config();
    require_letter_format(context);
    ::report::ForecastBasis basis{.limits = config.forecast,
                                  .throttle = config.gc.throttle,
                                  .max_time = config.gc.limits.max_time,
                                  .grace = config.gc.policy.grace,
                                  .state = load_history(context)};
    ::report::Fleet fleet = read(context, basis);
    fleet.exit_code = exit_code_after(context.signals);
    if (fleet.exit_code == 0 && fleet.totals.flagged > 0 &&
        config.report.fail_on == config::FailOn::flagged) {
        fleet.exit_code = flagged;
    }
    if (!context.invocation.client.empty()) {
        print(context, letter(fleet, context));
        return fleet.exit_code;
    }
    print(context, rendered(fleet, config.report.format,
                            {.color = wants_color(config.report),
                             .top = static_cast<std::size_t>(config.report.top)}));
    save_history(context, basis.state);
    return fleet.exit_code;
}

}  // namespace command
