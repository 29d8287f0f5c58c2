// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"
#include "db/sql_client_source.hpp"
#include "gc/plan.hpp"
#include "report/fleet_builder.hpp"
#include "report/fleet_formats.hpp"

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
    }
    return {};
}

}  // namespace

int report(const Context& context) {
    ::report::Head head = make_head(context, "report");
    const auto store = open_store(context.config(), true);
    const gc::Schema schema = store->schema();
    fill(head, schema);
    gc::require_known_schema(schema);
    db::SqlClientSource source(store->connection());
    ::report::Fleet fleet =
        ::report::build_fleet(source, store->clock().now, context.signals.token());
    fleet.head = head;
    fleet.exit_code = exit_code_after(context.signals);
    print(context, rendered(fleet, context.config().report.format, {}));
    return fleet.exit_code;
}

}  // namespace command
