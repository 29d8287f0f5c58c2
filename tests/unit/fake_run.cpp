// SPDX-License-Identifier: Apache-2.0
#include "unit/fake_run.hpp"

#include "gc/dry_run_store.hpp"
#include "unit/fake_schema.hpp"

#include <stdexcept>

namespace test {

using gc::Target;
using namespace std::chrono_literals;

FakeRun::FakeRun() {
    store.catalog = iam_schema();
    // What a test does not ask about should not pause, bound or delay it.
    settings.throttle.busy_share = 1.0;
    settings.limits.batch_time = std::chrono::milliseconds{250};
}

gc::Plan FakeRun::plan() {
    return gc::plan_run(store, settings, store.catalog);
}

gc::Environment FakeRun::environment() {
    return {.stop = stop.get_token(),
            .now = [this] { return time; },
            .pause =
                [this](std::chrono::milliseconds duration) {
                    if (store.in_transaction()) {
                        throw std::logic_error("a pause with a transaction open");
                    }
                    pauses.push_back(duration);
                    time += duration;
                    return stop.stop_requested();
                }};
}

const gc::RunReport& FakeRun::run() {
    gc::collect(store, plan(), settings, environment(), report);
    if (store.in_transaction()) {
        throw std::logic_error("the run ended with a transaction open");
    }
    return report;
}

const gc::RunReport& FakeRun::dry_run() {
    gc::DryRunStore dry(store);
    report.dry_run = true;
    gc::collect(dry, gc::plan_run(dry, settings, store.catalog), settings, environment(), report);
    return report;
}

gc::TargetTally FakeRun::tally(Target target) const {
    const auto found = report.tally.find(target);
    return found == report.tally.end() ? gc::TargetTally{} : found->second;
}

void FakeRun::add_garbage(gc::Id first, gc::Id last, std::optional<gc::Id> holder) {
    for (gc::Id id = first; id <= last; ++id) {
        store.tables.add(Target::access_token, id,
                         {.expiration = ago(2h + std::chrono::seconds{id}), .parent_id = holder});
    }
}

void FakeRun::add_witness(gc::Id token, gc::Id holder) {
    store.tables.add(Target::authentication_holder, holder);
    store.tables.add(Target::access_token, token, {.expiration = ago(24h), .parent_id = holder});
}

}  // namespace test
