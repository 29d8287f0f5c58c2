// SPDX-License-Identifier: Apache-2.0
#include "command/estimate.hpp"

#include "db/statistics.hpp"
#include "util/error.hpp"

#include <vector>

namespace command {

gc::Desk read_desk(db::SqlStore& store, const gc::Schema& schema, const gc::Plan& plan) {
    std::vector<gc::Target> targets;
    for (const gc::PlannedTarget& planned : plan.targets) {
        if (planned.state == gc::TargetState::planned) {
            targets.push_back(planned.target);
        }
    }
    return db::read_desk(store.connection(), targets, plan.cutoff, schema);
}

gc::Desk estimate(db::SqlStore& store, const gc::Schema& schema, gc::RunReport& run) {
    if (store.connection().dialect() == db::Dialect::sqlite) {
        throw util::Error(util::ErrorKind::usage,
                          "--estimate: SQLite keeps no statistics to estimate with; plan counts");
    }
    gc::Desk desk = read_desk(store, schema, run.plan);
    run.tally = gc::estimated_tally(desk, run.plan);
    run.warnings.emplace_back(
        "estimated from the statistics of the server, without reading a row: a table without an "
        "index on expiration counts whole, and holders go in the proportion of access tokens");
    return desk;
}

}  // namespace command
