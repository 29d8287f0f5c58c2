// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/sql_store.hpp"
#include "gc/collector.hpp"
#include "gc/settings.hpp"
#include "support/backend.hpp"
#include "support/oracle.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace test {

// A store over a session of its own.
std::unique_ptr<db::SqlStore> open_store(const Database& database);

// What opens the sessions of workers on the database; nothing on SQLite, where a run works alone.
std::function<std::unique_ptr<gc::Store>()> worker_opener(const Database& database);

// The real clock, and pauses that are over at once.
gc::Environment quick_environment();

// Plans and runs. With `now` the plan's moment is that and not the database's; without open_worker
// the store's session works alone.
gc::RunReport run_once(db::SqlStore& store, const gc::Settings& settings,
                       std::optional<util::TimePoint> now = std::nullopt,
                       const std::function<std::unique_ptr<gc::Store>()>& open_worker = {});
// The same without removals.
gc::RunReport dry_run_once(db::SqlStore& store, const gc::Settings& settings,
                           std::optional<util::TimePoint> now = std::nullopt);

// What a run did to each target, a line each; targets without a row are left out.
std::string described(const gc::Tally& tally);
// What it removed, in the same words for a run and for the oracle.
std::string removals(const gc::Tally& tally);
std::string removals(const Oracle& oracle);

// The oracle's settings for a run with these.
OracleSettings oracle_settings(const gc::Settings& settings, util::TimePoint now);

}  // namespace test
