// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "command/recorder.hpp"
#include "report/certificate.hpp"
#include "report/reconcile.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace command {

// Where this run stands: what a written plan and a certificate say about database, settings and
// moment. Counts are empty.
report::PlanFile basis_of(const Context& context, const report::Head& head, db::SqlStore& store);

// The plan of run --plan; throws Error(io) when it cannot be read and Error(data) when it was
// altered or does not belong to `basis`.
report::PlanFile load_plan(const std::string& path, const report::PlanFile& basis);

// The plan of this run with the written one's moments and safe points. Throws Error(data) when a
// target is not what it was.
gc::Plan pinned_plan(gc::Store& store, const gc::Settings& settings, const gc::Schema& schema,
                     const report::PlanFile& plan);

// Counts once more what the plan counted, and throws Error(data) when plan.tolerance is exceeded.
void require_no_drift(const Context& context, gc::Store& store, const gc::Plan& pinned,
                      const report::PlanFile& plan);

// What `plan --out` writes.
report::PlanFile finished_plan(const Context& context, report::PlanFile basis,
                               const report::RunDocument& document, const Recorder& recorder,
                               db::SqlStore& store);

// What a run certifies.
report::Certificate certificate_of(const Context& context, const report::PlanFile& basis,
                                   const report::RunDocument& document, const Recorder& recorder,
                                   db::SqlStore& store);

}  // namespace command
