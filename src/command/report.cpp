// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"
#include "db/sql_client_source.hpp"
#include "gc/plan.hpp"
#include "report/clients.hpp"

namespace command {

int report(const Context& context) {
    report::Head head = make_head(context, "report");
    const auto store = open_store(context.config(), true);
    const gc::Schema schema = store->schema();
    fill(head, schema);
    gc::require_known_schema(schema);
    db::SqlClientSource source(store->connection());
    ::report::ClientDocument document =
        ::report::client_figures(source, store->clock().now, context.signals.token());
    document.head = head;
    print(context, wants_json(context) ? ::report::to_json(document) : ::report::to_text(document));
    return exit_code_after(context.signals);
}

}  // namespace command
