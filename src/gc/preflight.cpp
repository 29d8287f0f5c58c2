// SPDX-License-Identifier: Apache-2.0
#include "gc/preflight.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <set>

namespace gc {

std::vector<std::string> tables_to_remove_from(const Plan& plan) {
    std::set<std::string> tables;
    for (const PlannedTarget& planned : plan.targets) {
        if (planned.state != TargetState::planned) {
            continue;
        }
        if (planned.target == Target::spring_session) {
            tables.emplace("SPRING_SESSION");
        } else if (planned.target != Target::satellite) {
            tables.emplace(name(planned.target));
        }
        for (const Satellite& satellite : planned.satellites) {
            tables.emplace(satellite.table);
        }
    }
    return {tables.begin(), tables.end()};
}

void require_rights(Store& store, const Plan& plan) {
    for (const std::string& table : tables_to_remove_from(plan)) {
        store.probe_removal(table);
    }
}

void require_transactions(const Schema& schema, const Plan& plan) {
    for (const std::string& table : tables_to_remove_from(plan)) {
        const Table* const found = schema.find(table);
        if (found != nullptr && !found->engine.empty() && found->engine != "InnoDB") {
            throw util::Error(
                util::ErrorKind::data,
                fmt::format(
                    "table {} is kept by storage engine {}, which has no transactions, so a "
                    "batch could not be undone; convert it to InnoDB first",
                    table, found->engine));
        }
    }
}

void require_run_lock(Store& store, const std::string& database) {
    const LockHolder lock = store.try_lock_run();
    if (!lock.acquired) {
        throw util::Error(
            util::ErrorKind::busy,
            fmt::format("another run works on {} ({}); wait for it or end it, then run again",
                        database, lock.holder));
    }
}

}  // namespace gc
