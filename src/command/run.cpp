// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "command/confirm.hpp"
#include "command/contract.hpp"
#include "command/count.hpp"
#include "command/estimate.hpp"
#include "command/health.hpp"
#include "command/history.hpp"
#include "command/idle_memory.hpp"
#include "command/progress.hpp"
#include "command/recorder.hpp"
#include "command/run_metrics.hpp"
#include "command/workers.hpp"
#include "gc/clock_check.hpp"
#include "gc/collector.hpp"
#include "gc/dry_run_store.hpp"
#include "gc/preflight.hpp"
#include "gc/requirements.hpp"
#include "gc/safety.hpp"
#include "report/early_text.hpp"
#include "report/output.hpp"
#include "report/summary.hpp"
#include "report/text.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>

namespace command {

namespace {

class Run {
public:
    Run(const Context& context, const std::string& command, bool dry_run)
        : m_context(context),
          m_settings(context.config().gc),
          m_output(context.config().report.file) {
        require_idle_file(context.config());
        m_document.head = make_head(context, command);
        m_document.run.dry_run = dry_run;
        if (context.invocation.command == cli::Command::plan) {
            m_settings.limits.max_rows = 0;
            m_settings.limits.max_time = std::chrono::milliseconds{0};
            open_paper(context.invocation.plan_file, {.name = "plan", .option = "--out"});
        } else if (!dry_run) {
            open_paper(context.config().certificate.file,
                       {.name = "certificate", .option = "--certificate"});
        }
    }

    int execute() {
        try {
            collect();
            m_document.stop_reason = m_declined ? "declined" : gc::name(m_document.run.stop_reason);
            if (m_document.run.stop_reason == gc::StopReason::signal) {
                m_document.exit_code = exit_code_after(m_context.signals);
            } else if (m_document.run.stop_reason == gc::StopReason::throttle) {
                m_document.exit_code = util::exit_code(util::ErrorKind::busy);
                m_document.error = m_document.run.stop_text;
            }
        } catch (const util::Error& error) {
            // The report cannot be written; a full archive can be reported.
            if (error.kind() == util::ErrorKind::io && !m_working) {
                throw;
            }
            end_with(error);
        }
        remember_run(m_context, m_document);
        finish();
        finish_paper();
        return m_document.exit_code;
    }

    // What is known so far, also when execute throws.
    const report::RunDocument& document() const { return m_document; }

private:
    // A signal that came while the run waited for a server is how the run ended.
    void end_with(const util::Error& error) {
        const bool waited =
            error.kind() == util::ErrorKind::connection || error.kind() == util::ErrorKind::busy;
        const bool stopped = waited && m_context.signals.signal() != 0;
        m_document.stop_reason = stopped ? gc::name(gc::StopReason::signal) : "error";
        m_document.error = error.what();
        m_document.exit_code =
            stopped ? exit_code_after(m_context.signals) : util::exit_code(error.kind());
        util::log_error("{}", error.what());
    }

    void collect() {
        const bool dry_run = m_document.run.dry_run;
        if (!dry_run && !m_context.invocation.yes_really) {
            require_no_purge(m_settings.early.purge_client);
        }
        const auto health = dry_run ? nullptr : open_health(m_context.config());
        const auto watch = dry_run ? nullptr : open_blocking_watch(m_context.config());
        const auto store = open_store(m_context.config(), dry_run, watch.get());
        const gc::Schema schema = store->schema();
        fill(m_document.head, schema);
        gc::require_known_schema(schema);
        gc::DryRunStore dry(*store);
        gc::Store& hands = dry_run ? static_cast<gc::Store&>(dry) : *store;
        if (!dry_run) {
            if (!ask(hands, schema)) {
                return;
            }
            gc::require_run_lock(hands, m_document.head.database_url);
        }
        m_settings.early.refresh_unused.memory = load_idle_memory(m_context.config());
        const std::optional<report::PlanFile> contract = look_at_contract(*store);
        m_document.run.plan = contract ? pinned_plan(hands, m_settings, schema, *contract)
                                       : gc::plan_run(hands, m_settings, schema);
        if (const auto hidden = gc::hidden_references(schema)) {
            m_document.warnings.push_back(*hidden);
        }
        check_clock(hands);
        gc::require_transactions(schema, m_document.run.plan);
        gc::require_rights(hands, m_document.run.plan);
        if (contract) {
            require_no_drift(m_context, *store, m_document.run.plan, *contract);
        }
        Recorder recorder(m_context, m_document.head, *store, hands, m_document.plan_sha256);
        start_output();
        if (m_context.invocation.estimate) {
            note_desk(estimate(*store, schema, m_document.run));
            return;
        }
        count_garbage();
        work_recorded(recorder, *store, [&] { work(recorder.store(), health.get(), watch.get()); });
        if (m_context.invocation.command == cli::Command::plan) {
            note_desk(read_desk(*store, schema, m_document.run.plan));
        }
        if (contract) {
            m_document.reconciled =
                report::reconcile(*contract, m_document.run, expired_since_the_plan());
        }
    }

    void note_desk(const gc::Desk& desk) {
        m_document.desk = {.desk = desk, .throttle = m_settings.throttle};
    }

    // Opened before anything is removed, like the report.
    void open_paper(const std::string& path, const report::OutputKind& kind) {
        if (!path.empty()) {
            m_paper.emplace(path, kind);
        }
    }

    // The plan that this run has to carry out, if there is one.
    std::optional<report::PlanFile> look_at_contract(db::SqlStore& store) {
        const std::string& file = m_context.invocation.plan_file;
        const bool follows = m_context.invocation.command == cli::Command::run && !file.empty();
        if (!m_paper && !follows) {
            return std::nullopt;
        }
        m_basis = basis_of(m_context, m_document.head, store);
        if (!follows) {
            return std::nullopt;
        }
        report::PlanFile plan = load_plan(file, *m_basis);
        m_document.plan_sha256 = plan.sha256;
        return plan;
    }

    // The archive is completed after a failure too, as far as it can be.
    void work_recorded(Recorder& recorder, db::SqlStore& store, const std::function<void()>& work) {
        if (!recorder.warning().empty()) {
            m_document.warnings.push_back(recorder.warning());
        }
        m_started_at = archive::utc_now();
        m_working = true;
        try {
            work();
        } catch (const util::Error&) {
            try {
                conclude(recorder, store);
            } catch (const util::Error& error) {
                util::log_error("{}", error.what());
            }
            throw;
        }
        conclude(recorder, store);
    }

    void conclude(Recorder& recorder, db::SqlStore& store) {
        m_document.archive = recorder.archive_note();
        recorder.finish();
        if (!m_paper) {
            return;
        }
        if (m_context.invocation.command == cli::Command::plan) {
            m_plan = finished_plan(m_context, *m_basis, m_document, recorder, store);
        } else {
            m_certificate = certificate_of(m_context, *m_basis, m_document, recorder, store);
            m_certificate->started = m_started_at;
        }
    }

    // A plan that was not made to its end is none.
    void finish_paper() {
        if (m_plan && m_document.run.stop_reason == gc::StopReason::done &&
            m_document.exit_code == 0) {
            m_paper->finish(report::to_json(*m_plan));
        } else if (m_certificate) {
            m_certificate->document = m_document;
            m_certificate->plan_sha256 = m_document.plan_sha256;
            m_paper->finish(report::to_json(*m_certificate));
        }
    }

    // Access tokens that are garbage by now and were none by the plan's cut-off.
    std::optional<std::int64_t> expired_since_the_plan() const {
        const auto later = count_expired(m_basis->clock.now - m_settings.policy.grace);
        const auto before = count_expired(m_document.run.plan.cutoff);
        return later && before ? std::optional(*later - *before) : std::nullopt;
    }

    void work(gc::Store& store, gc::HealthSource* health, db::BlockingWatch* watch) {
        ProgressLine progress(m_document.run.dry_run, m_expected);
        gc::Environment environment = gc::real_environment(m_context.signals.token());
        environment.progress = [&](const gc::Progress& at) { progress.show(at); };
        environment.health = health;
        if (!m_document.run.dry_run) {
            environment.remember_idle = idle_keeper(m_context.config());
        }
        add_sessions(environment, m_context, m_document.run.dry_run, watch);
        const gc::Plan plan = m_document.run.plan;
        gc::collect(store, plan, m_settings, environment, m_document.run);
    }

    // A person is asked before the lock is taken, because the answer may take its time.
    bool ask(gc::Store& store, const gc::Schema& schema) {
        if (m_context.invocation.yes || !is_interactive()) {
            return true;
        }
        m_declined = !confirmed(question(store, schema), m_context.signals.token());
        if (m_declined && m_context.signals.signal() != 0) {
            m_declined = false;
            m_document.run.stop_reason = gc::StopReason::signal;
            return false;
        }
        return !m_declined;
    }

    std::string question(gc::Store& store, const gc::Schema& schema) const {
        const std::string& file = m_context.invocation.plan_file;
        if (!file.empty()) {
            return fmt::format("Remove what the plan {} says, from {}?", file,
                               m_document.head.database_url);
        }
        const auto rows = count_expired(gc::plan_run(store, m_settings, schema));
        return fmt::format(
            "Remove {} access tokens and what hangs on them, and the garbage of the other targets, "
            "from {}?",
            rows ? report::grouped(*rows) : "some million", m_document.head.database_url);
    }

    std::optional<std::int64_t> count_expired(const gc::Plan& plan) const {
        return plan.active(gc::Target::access_token) ? count_expired(plan.cutoff) : std::nullopt;
    }

    // Nothing that a run with limits.max_rows could exceed.
    std::optional<std::int64_t> count_expired(util::TimePoint cutoff) const {
        const auto connection = open_connection(m_context.config(), true);
        return command::count_expired(m_context, *connection, cutoff, m_settings.limits.max_rows);
    }

    // What Safety::after_batch compares with, and what the time left is told by; a dry run needs it
    // for a person only.
    void count_garbage() {
        if (m_document.run.dry_run && !is_interactive()) {
            return;
        }
        if (const auto rows = count_expired(m_document.run.plan)) {
            m_expected[gc::Target::access_token] = *rows;
        }
        if (!m_document.run.dry_run) {
            m_document.run.plan.expected = m_expected;
        }
    }

    void check_clock(gc::Store& store) {
        // A plan that is carried out has the clock of the day it was made.
        const gc::DatabaseClock clock = m_basis ? m_basis->clock : m_document.run.plan.clock;
        gc::require_sane_clock(
            clock, std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            m_settings.clock);
        m_document.clock = gc::check_clock(store.newest_tokens(), clock.now, m_settings.clock);
        if (m_document.clock.state == gc::ClockState::ignored) {
            m_document.warnings.push_back("the clock check was overridden (clock.ignore): " +
                                          m_document.clock.text);
        }
        gc::require_plausible(m_document.clock);
    }

    // Both formats begin with something that is known already; writing it now shows that writing
    // works.
    void start_output() {
        if (is_quiet()) {
            return;
        }
        m_output.start(wants_json(m_context) ? "{\n" : report::head_text(m_document.head));
        m_started = true;
    }

    // A report that goes to a file is written in any case.
    bool is_quiet() const {
        return m_context.config().report.quiet && m_context.config().report.file.empty();
    }

    void finish() {
        if (m_document.error.empty()) {
            report::log_early(m_document);
        }
        const std::vector<std::string>& found = m_document.run.warnings;
        m_document.warnings.insert(m_document.warnings.end(), found.begin(), found.end());
        report::write_summary(m_context.config().report.summary_file, report::summary(m_document));
        if (is_quiet() && m_document.exit_code == 0 && m_document.warnings.empty()) {
            return;
        }
        if (wants_json(m_context)) {
            m_output.finish(report::to_json(m_document));
        } else if (m_started || is_quiet() || m_declined) {
            m_output.finish(report::to_text(m_document));
        }
    }

    const Context& m_context;
    gc::Settings m_settings;
    report::Output m_output;
    report::RunDocument m_document{};
    std::map<gc::Target, std::int64_t> m_expected{};
    bool m_started = false;
    bool m_declined = false;
    bool m_working = false;
    std::string m_started_at{};
    std::optional<report::Output> m_paper{};  // the plan of --out, or the certificate
    std::optional<report::PlanFile> m_basis{};
    std::optional<report::PlanFile> m_plan{};
    std::optional<report::Certificate> m_certificate{};
};

// Writes what is known of a run that failed. Another failure here would only hide that one.
void finish_failed(RunMetrics& metrics, const std::optional<Run>& run, util::ErrorKind kind) {
    report::RunDocument document = run ? run->document() : report::RunDocument{};
    document.stop_reason = "error";
    document.exit_code = util::exit_code(kind);
    try {
        metrics.finish(document);
    } catch (const util::Error& error) {
        util::log_error("{}", error.what());
    }
}

}  // namespace

int run(const Context& context) {
    if (context.invocation.dry_run) {
        return Run(context, "run --dry-run", true).execute();
    }
    RunMetrics metrics(context.config().metrics.file);
    std::optional<Run> run;
    int exit_code = 0;
    try {
        run.emplace(context, "run", false);
        exit_code = run->execute();
    } catch (const util::Error& error) {
        finish_failed(metrics, run, error.kind());
        throw;
    } catch (const std::exception&) {
        finish_failed(metrics, run, util::ErrorKind::software);
        throw;
    }
    metrics.finish(run->document());
    return exit_code;
}

int plan(const Context& context) {
    return Run(context, "plan", true).execute();
}

}  // namespace command
