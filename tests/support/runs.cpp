// SPDX-License-Identifier: Apache-2.0
#include "support/runs.hpp"

#include "gc/dry_run_store.hpp"
#include "gc/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>

namespace test {

namespace {

// Tables by name, in lower case, without those that lost nothing.
using Counts = std::map<std::string, std::int64_t>;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

std::string text_of(const Counts& counts) {
    std::string text;
    for (const auto& [name, count] : counts) {
        if (count != 0) {
            text += fmt::format(" {}={}", lower(name), count);
        }
    }
    return text;
}

std::string removal(std::string_view target, std::int64_t removed, const Counts& satellites) {
    const std::string rest = text_of(satellites);
    return removed == 0 && rest.empty() ? std::string()
                                        : fmt::format("{}: removed {}{}\n", target, removed, rest);
}

gc::Plan plan_at(db::SqlStore& store, const gc::Settings& settings, util::TimePoint now) {
    const gc::Schema schema = store.schema();
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
    gc::PlanFacts facts{.clock = {.now = now, .unix_milliseconds = milliseconds.count()}};
    facts.holder_safe_point = store.holder_safe_point(now - settings.policy.orphans_margin);
    if (facts.holder_safe_point && gc::has_user_auth_index(schema)) {
        facts.user_auth_safe_point = store.user_auth_safe_point(*facts.holder_safe_point);
    }
    return gc::make_plan(settings, schema, facts);
}

gc::RunReport run_on(gc::Store& store, const gc::Plan& plan, const gc::Settings& settings,
                     bool dry_run,
                     const std::function<std::unique_ptr<gc::Store>()>& open_worker = {}) {
    gc::RunReport report{.dry_run = dry_run};
    gc::Environment environment = quick_environment();
    environment.open_worker = open_worker;
    gc::collect(store, plan, settings, environment, report);
    return report;
}

gc::Plan plan_for(db::SqlStore& store, const gc::Settings& settings,
                  std::optional<util::TimePoint> now) {
    return now ? plan_at(store, settings, *now) : gc::plan_run(store, settings, store.schema());
}

}  // namespace

std::unique_ptr<db::SqlStore> open_store(const Database& database) {
    return std::make_unique<db::SqlStore>(database.connect(),
                                          [&database] { return database.connect(); });
}

std::function<std::unique_ptr<gc::Store>()> worker_opener(const Database& database) {
    if (database.dialect() == db::Dialect::sqlite) {
        return {};
    }
    return [&database] { return open_store(database); };
}

gc::Environment quick_environment() {
    return {.now = [] { return std::chrono::steady_clock::now(); },
            .pause = [](std::chrono::milliseconds) { return false; }};
}

gc::RunReport run_once(db::SqlStore& store, const gc::Settings& settings,
                       std::optional<util::TimePoint> now,
                       const std::function<std::unique_ptr<gc::Store>()>& open_worker) {
    return run_on(store, plan_for(store, settings, now), settings, false, open_worker);
}

gc::RunReport dry_run_once(db::SqlStore& store, const gc::Settings& settings,
                           std::optional<util::TimePoint> now) {
    const gc::Plan plan = plan_for(store, settings, now);
    gc::DryRunStore dry_store(store);
    return run_on(dry_store, plan, settings, true);
}

std::string described(const gc::Tally& tally) {
    std::string text;
    for (const auto& [target, counts] : tally) {
        text += fmt::format("{}: scanned {} removed {} vanished {} kept{} satellites{}\n",
                            gc::name(target), counts.scanned, counts.removed, counts.vanished,
                            text_of(counts.kept), text_of(counts.satellites));
    }
    return text;
}

std::string removals(const gc::Tally& tally) {
    std::string text;
    for (const gc::Target target : gc::k_targets) {
        if (const auto found = tally.find(target); found != tally.end()) {
            text += removal(gc::name(target), found->second.removed, found->second.satellites);
        }
    }
    return text;
}

std::string removals(const Oracle& oracle) {
    std::string text;
    for (const gc::Target target : gc::k_targets) {
        const std::string name(gc::name(target));
        if (const auto found = oracle.counts().find(name); found != oracle.counts().end()) {
            text += removal(name, found->second.removed, found->second.satellites);
        }
    }
    return text;
}

OracleSettings oracle_settings(const gc::Settings& settings, util::TimePoint now) {
    OracleSettings result{
        .now = now, .grace = settings.policy.grace, .margin = settings.policy.orphans_margin};
    for (const gc::Target target : settings.policy.switched_off) {
        result.switched_off.emplace(gc::name(target));
    }
    return result;
}

}  // namespace test
