// SPDX-License-Identifier: Apache-2.0
#include "command/contract.hpp"

#include "command/count.hpp"
#include "config/fingerprint.hpp"
#include "db/archive_rows.hpp"
#include "db/explained.hpp"
#include "gc/collector.hpp"
#include "gc/dry_run_store.hpp"
#include "gc/fingerprint.hpp"
#include "util/error.hpp"
#include "util/read_file.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace command {

namespace {

using ClientRanges = std::map<std::string, std::map<gc::Target, gc::RowRange>>;

// A client that is gone keeps its number.
ClientRanges by_name(const gc::Footprint& footprint, db::SqlStore& store) {
    std::vector<gc::Id> ids;
    for (const auto& [id, targets] : footprint.clients) {
        ids.push_back(id);
    }
    std::map<gc::Id, std::string> names;
    for (const db::Row& row : db::ArchiveRows(store).clients(ids)) {
        names[db::as_integer(row.at(0))] = row.at(1).value_or("");
    }
    ClientRanges ranges;
    for (const auto& [id, targets] : footprint.clients) {
        const auto name = names.find(id);
        ranges[name == names.end() ? fmt::format("client {}", id) : name->second] = targets;
    }
    return ranges;
}

std::string account_name() {
    const passwd* const entry = getpwuid(geteuid());
    return entry == nullptr ? std::to_string(geteuid()) : entry->pw_name;
}

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// MySQL and MariaDB explain no DELETE to a session that may only read. Nothing when no other
// session is to be had or needed.
std::unique_ptr<db::Connection> explaining_session(const Context& context, db::SqlStore& store) {
    if (store.connection().dialect() != db::Dialect::mysql) {
        return nullptr;
    }
    try {
        return open_connection(context.config(), false);
    } catch (const util::Error&) {
        return nullptr;
    }
}

// What a run sends to remove rows of a target, by the policies as well.
void explain(std::vector<report::ExplainedStatement>& statements, gc::Target target,
             const std::optional<gc::EarlyPlan>& early, const gc::Schema& schema,
             db::Connection& connection) {
    const auto add = [&](std::string_view policy, const db::Explained& explained) {
        if (!explained.sql.empty()) {
            statements.push_back({.target = std::string(gc::name(target)),
                                  .policy = std::string(policy),
                                  .sql = explained.sql,
                                  .explained = explained.text});
        }
    };
    add("", db::explain_removal(connection, target, schema));
    if (!early || !early->concerns(target)) {
        return;
    }
    add("", db::explain_walk(connection, target, *early));
    for (const gc::EarlyPolicy policy : gc::k_early_policies) {
        if (early->is_on(policy) && early->removes(policy) && gc::works_on(policy, target)) {
            add(gc::name(policy), db::explain_removal(connection, target, policy, *early));
        }
    }
}

}  // namespace

report::PlanFile basis_of(const Context& context, const report::Head& head, db::SqlStore& store) {
    report::PlanFile basis{.head = head};
    basis.fingerprint = gc::fingerprint(store.schema());
    basis.policy = config::deciding_settings(context.config());
    basis.configuration = config::policy_fingerprint(context.config());
    basis.clock = store.clock();
    basis.created = basis.clock.unix_milliseconds;
    basis.expires = basis.created + context.config().plan.lifetime.count();
    return basis;
}

report::PlanFile load_plan(const std::string& path, const report::PlanFile& basis) {
    report::PlanFile plan = report::parse_plan(util::read_file(path, "the plan " + path), path);
    if (const std::string why = report::refusal(plan, basis); !why.empty()) {
        throw util::Error(util::ErrorKind::data, fmt::format("{}: {}", path, why));
    }
    return plan;
}

gc::Plan pinned_plan(gc::Store& store, const gc::Settings& settings, const gc::Schema& schema,
                     const report::PlanFile& plan) {
    const auto safe_point = [&](gc::Target target) {
        const auto found = plan.targets.find(target);
        return found == plan.targets.end() ? std::nullopt : found->second.safe_point;
    };
    std::map<gc::Target, gc::Id> tops;
    for (const auto& [target, rows] : plan.targets) {
        if (rows.top) {
            tops[target] = *rows.top;
        }
    }
    const gc::Plan pinned =
        gc::plan_again(store, settings, schema,
                       {.clock = plan.clock,
                        .holder_safe_point = safe_point(gc::Target::authentication_holder),
                        .user_auth_safe_point = safe_point(gc::Target::saved_user_auth),
                        .top = tops});
    for (const gc::PlannedTarget& planned : pinned.targets) {
        const auto found = plan.targets.find(planned.target);
        const std::string state = found == plan.targets.end() ? "absent" : found->second.state;
        if (state != gc::name(planned.state)) {
            throw util::Error(
                util::ErrorKind::data,
                fmt::format("{} is {} in the plan and {} now; make a new plan",
                            gc::name(planned.target), state, gc::name(planned.state)));
        }
    }
    return pinned;
}

void require_no_drift(const Context& context, gc::Store& store, const gc::Plan& pinned,
                      const report::PlanFile& plan) {
    gc::Settings settings = context.config().gc;
    settings.limits.max_rows = 0;
    settings.limits.max_time = std::chrono::milliseconds{0};
    gc::DryRunStore dry(store);
    gc::RunReport counted{.dry_run = true};
    gc::collect(dry, pinned, settings, gc::real_environment(context.signals.token()), counted);
    if (context.signals.signal() != 0) {
        return;  // the run that follows stops before it removes anything
    }
    const std::string why = report::drift(plan, counted.tally, context.config().plan.tolerance);
    if (!why.empty()) {
        throw util::Error(util::ErrorKind::data, why);
    }
}

report::PlanFile finished_plan(const Context& context, report::PlanFile basis,
                               const report::RunDocument& document, const Recorder& recorder,
                               db::SqlStore& store) {
    const gc::Footprint footprint = recorder.footprint();
    const gc::Plan& plan = document.run.plan;
    basis.head = document.head;
    basis.clock = plan.clock;
    basis.created = plan.clock.unix_milliseconds;
    basis.expires = basis.created + context.config().plan.lifetime.count();
    basis.cutoff = plan.cutoff;
    basis.reading_ms = document.run.elapsed.count();
    const auto session = explaining_session(context, store);
    db::Connection& explaining = session ? *session : store.connection();
    for (const gc::PlannedTarget& planned : plan.targets) {
        report::PlannedRows& rows = basis.targets[planned.target];
        rows.state = gc::name(planned.state);
        rows.reason = planned.reason;
        rows.safe_point = planned.policy.safe_point;
        if (const auto tally = document.run.tally.find(planned.target);
            tally != document.run.tally.end()) {
            rows.tally = tally->second;
        }
        if (plan.early) {
            const auto top = plan.early->top.find(planned.target);
            rows.top = top == plan.early->top.end() ? std::nullopt : std::optional(top->second);
        }
        if (const auto range = footprint.targets.find(planned.target);
            range != footprint.targets.end()) {
            rows.ids = range->second;
        }
        if (planned.state == gc::TargetState::planned) {
            explain(basis.statements, planned.target, plan.early, store.schema(), explaining);
        }
    }
    basis.clients = by_name(footprint, store);
    return basis;
}

report::Certificate certificate_of(const Context& context, const report::PlanFile& basis,
                                   const report::RunDocument& document, const Recorder& recorder,
                                   db::SqlStore& store) {
    report::Certificate certificate{.run = recorder.run(),
                                    .account = account_name(),
                                    .host = host_name(),
                                    .ended = archive::utc_now(),
                                    .basis = basis,
                                    .footprint = recorder.footprint(),
                                    .document = document};
    certificate.basis.head = document.head;
    certificate.clients = by_name(certificate.footprint, store);
    if (const auto note = recorder.archive_note()) {
        certificate.archive_folder = note->folder;
    }
    certificate.expired_left =
        count_expired(context, store.connection(), document.run.plan.cutoff, 0);
    return certificate;
}

}  // namespace command
