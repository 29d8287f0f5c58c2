// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "command/health.hpp"
#include "db/rights.hpp"
#include "gc/clock_check.hpp"
#include "gc/plan.hpp"
#include "gc/preflight.hpp"
#include "gc/requirements.hpp"
#include "gc/safety.hpp"
#include "gc/throttle.hpp"
#include "report/check_report.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

namespace command {

namespace {

using ::report::Grade;

class Check {
public:
    explicit Check(const Context& context) : m_context(context) {
        m_document.head = make_head(context, "check");
    }

    int execute() {
        step("connection", [&] { look_at_connection(); });
        if (m_store) {
            step("rights", [&] { look_at_rights(); });
            step("schema", [&] { look_at_schema(); });
        }
        if (m_plan) {
            step("clock", [&] { look_at_clock(); });
            step("engine", [&] { gc::require_transactions(m_schema, *m_plan); });
            if (!m_may_write) {
                step("rights", [&] { look_at_read_only(); });
            }
            look_at_targets();
            step("throttle", [&] { look_at_signals(); });
            step("lock", [&] { look_at_lock(); });
        }
        if (m_context.config().report.quiet && is_fine()) {
            return m_document.exit_code;
        }
        print(m_context, wants_json(m_context) ? ::report::to_json(m_document)
                                               : ::report::to_text(m_document));
        return m_document.exit_code;
    }

private:
    void add(const std::string& subject, Grade grade, const std::string& text,
             std::vector<std::string> remedies = {}) {
        m_document.findings.push_back(
            {.subject = subject, .grade = grade, .text = text, .remedies = std::move(remedies)});
    }

    bool is_fine() const {
        return m_document.exit_code == 0 &&
               std::ranges::none_of(m_document.findings, [](const ::report::Finding& finding) {
                   return finding.grade == Grade::warning || finding.grade == Grade::failure;
               });
    }

    void fail(const std::string& subject, const util::Error& error) {
        add(subject, Grade::failure, error.what());
        if (m_document.exit_code == 0) {
            m_document.exit_code = util::exit_code(error.kind());
        }
    }

    // Every step is tried even after another failed, so that one call shows all there is to mend.
    void step(const std::string& subject, const std::function<void()>& look) {
        try {
            look();
        } catch (const util::Error& error) {
            if (error.kind() == util::ErrorKind::config) {
                throw;
            }
            fail(subject, error);
        }
    }

    void look_at_connection() {
        m_store = open_store(m_context.config(), false);
        m_schema = m_store->schema();
        fill(m_document.head, m_schema);
        add("connection", Grade::ok,
            fmt::format("{}, session time zone {}{}", m_schema.server,
                        m_context.config().database.time_zone, transport()));
    }

    std::string transport() {
        const std::string words = m_store->connection().transport();
        return words.empty() ? words : ", " + words;
    }

    void look_at_schema() {
        m_plan = gc::plan_run(*m_store, m_context.config().gc, m_schema);
        add("schema", Grade::ok,
            fmt::format("{}, {} tables", m_schema.level, m_schema.tables.size()));
        if (const auto hidden = gc::hidden_references(m_schema)) {
            add("schema", Grade::warning, *hidden,
                {db::grant_statement(m_store->connection(), "REFERENCES", "*")});
        }
    }

    void look_at_clock() {
        const gc::ClockFinding clock = gc::check_clock(m_store->newest_tokens(), m_plan->clock.now,
                                                       m_context.config().gc.clock);
        gc::require_plausible(clock);
        gc::require_sane_clock(
            m_plan->clock,
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            m_context.config().gc.clock);
        const bool sure = clock.state == gc::ClockState::plausible;
        add("clock", sure ? Grade::ok : Grade::note, clock.text);
    }

    // Before the schema, because MariaDB and MySQL hide a column from who has no right on it.
    void look_at_rights() {
        db::Connection& connection = m_store->connection();
        m_may_write = !db::is_read_only(connection);
        m_missing = db::missing_rights(connection, m_schema, m_may_write);
        const auto of_run = [](const db::Right& right) {
            return right.purpose != db::Purpose::report;
        };
        if (is_reader(of_run)) {
            add("rights", Grade::failure,
                "the account may read what `plan` and `report` need, and remove nothing; for a "
                "run, "
                "take the account of sql/admin that may",
                grants(of_run));
            m_document.exit_code = util::exit_code(util::ErrorKind::permission);
            return;
        }
        for (const db::Right& right : m_missing) {
            add_missing(right);
        }
        if (m_missing.empty() && m_may_write) {
            add("rights", Grade::ok, "the account has every right that a run and a report need");
        }
    }

    // Whether it may read everything, and remove from no table.
    template <typename OfRun>
    bool is_reader(const OfRun& of_run) const {
        const auto lacking = std::ranges::count_if(m_missing, of_run);
        const auto only_removal = std::ranges::count_if(m_missing, [&](const db::Right& right) {
            return of_run(right) && std::ranges::all_of(right.reads, [](const std::string& column) {
                       return column == "ctid";  // of use to who removes only
                   });
        });
        constexpr std::ptrdiff_t nearly_all = 10;
        return lacking == only_removal && lacking > nearly_all;
    }

    template <typename Wanted>
    std::vector<std::string> grants(const Wanted& wanted) {
        std::vector<std::string> statements;
        for (const db::Right& right : m_missing) {
            if (wanted(right)) {
                statements.push_back(
                    db::grant_statement(m_store->connection(), right.privileges(), right.table));
            }
        }
        return statements;
    }

    // A run does without what only a report reads, and without the tables of targets that are off.
    void add_missing(const db::Right& right) {
        const bool off = m_context.config().gc.policy.switched_off.contains(
            gc::target_of(gc::lower_name(right.table)).value_or(gc::Target::satellite));
        const bool fails = right.purpose != db::Purpose::report && !off;
        const std::string_view without = right.purpose == db::Purpose::report
                                             ? ", and a report would go without"
                                             : ", which a run needs";
        add("rights", fails ? Grade::failure : Grade::warning,
            fmt::format("the account lacks {} on {}{}", right.privileges(), right.table,
                        off ? ", whose target is switched off" : without),
            {db::grant_statement(m_store->connection(), right.privileges(), right.table)});
        if (fails && m_document.exit_code == 0) {
            m_document.exit_code = util::exit_code(util::ErrorKind::permission);
        }
    }

    // The server says the same of every table.
    void look_at_read_only() {
        for (const std::string& table : gc::tables_to_remove_from(*m_plan)) {
            m_store->probe_removal(table);
        }
    }

    void look_at_targets() {
        for (const gc::PlannedTarget& planned : m_plan->targets) {
            const std::string subject = fmt::format("target {}", gc::name(planned.target));
            if (planned.state == gc::TargetState::refused ||
                planned.state == gc::TargetState::waiting) {
                add(subject, Grade::warning,
                    fmt::format("{}: {}", gc::name(planned.state), planned.reason),
                    planned.remedies);
            } else if (planned.state != gc::TargetState::planned) {
                add(subject, Grade::note, planned.reason, planned.remedies);
            } else {
                add(subject, Grade::ok, "can be collected", planned.remedies);
            }
        }
    }

    // A run waits for what it cannot read, so that is better known before.
    void look_at_signals() {
        const auto health = open_health(m_context.config());
        if (!health) {
            return;
        }
        for (const gc::Reading& reading : health->read()) {
            const bool waits = !reading.value && !gc::info(reading.signal).only_warns;
            add("throttle",
                waits           ? Grade::warning
                : reading.value ? Grade::ok
                                : Grade::note,
                waits ? fmt::format("{}, and a run would wait for it; see throttle.{}",
                                    gc::to_text(reading), gc::name(reading.signal))
                      : gc::to_text(reading));
        }
    }

    void look_at_lock() {
        const gc::LockHolder lock = m_store->try_lock_run();
        add("lock", lock.acquired ? Grade::ok : Grade::warning,
            lock.acquired ? "no other run is at work"
                          : fmt::format("another run is at work ({})", lock.holder));
    }

    const Context& m_context;
    ::report::CheckDocument m_document{};
    std::unique_ptr<db::SqlStore> m_store{};
    gc::Schema m_schema{};
    bool m_may_write = true;
    std::vector<db::Right> m_missing{};
    std::optional<gc::Plan> m_plan{};
};

}  // namespace

int check(const Context& context) {
    return Check(context).execute();
}

}  // namespace command
