// SPDX-License-Identifier: Apache-2.0
#include "property/trial.hpp"

#include "support/oracle.hpp"
#include "support/population.hpp"
#include "support/runs.hpp"
#include "support/snapshot.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <random>

namespace property {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

// The day the incident began.
constexpr std::uint64_t k_first_seed = 20221029;

constexpr int k_runs_until_done = 6;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text == nullptr || *text == '\0' ? otherwise : std::strtoull(text, nullptr, 10);
}

template <typename Value, std::size_t count>
Value one_of(std::mt19937_64& random, const std::array<Value, count>& values) {
    return values.at(random() % count);
}

// The database of a seed, and the oracle's opinion of it.
test::Oracle prepared(test::Workbench& bench, std::uint64_t seed, const gc::Settings& settings) {
    const util::TimePoint now = test::database_now(bench.connection());
    test::populate(bench.connection(), bench.catalog(),
                   {.seed = seed,
                    .now = now,
                    .clients = 5,
                    .flows = 30,
                    .stray_percent = 30,
                    .edge_cases = seed % 8 == 0,
                    .grace = settings.policy.grace,
                    .margin = settings.policy.orphans_margin});
    return {bench.connection(), bench.catalog(), test::oracle_settings(settings, now)};
}

std::string unequal(std::string_view what, const std::string& left, const std::string& right) {
    return left == right ? std::string() : fmt::format("{}:\n{}but\n{}", what, left, right);
}

std::string unless_empty(std::string_view what, const std::string& text) {
    return text.empty() ? text : fmt::format("{}:\n{}", what, text);
}

}  // namespace

int seeds(int count) {
    return static_cast<int>(number_from("ITGC_TEST_SEEDS", static_cast<std::uint64_t>(count)));
}

std::uint64_t first_seed() {
    return number_from("ITGC_TEST_FIRST_SEED", k_first_seed);
}

gc::Settings settings_for(std::uint64_t seed) {
    std::mt19937_64 random(seed ^ 0x5e77'1265ULL);
    gc::Settings settings;
    settings.policy.grace =
        one_of(random, std::array<milliseconds, 4>{hours{1}, hours{1}, hours{6}, minutes{0}});
    settings.policy.orphans_margin =
        one_of(random, std::array<milliseconds, 3>{minutes{10}, minutes{10}, hours{2}});
    settings.limits.batch_size = one_of(random, std::array<std::int64_t, 4>{2, 7, 40, 2000});
    settings.limits.batch_rows = one_of(random, std::array<std::int64_t, 3>{10, 200, 40'000});
    for (std::uint64_t off = random() % 3; off > 0; --off) {
        if (random() % 2 == 0) {
            settings.policy.switched_off.insert(one_of(random, gc::k_targets));
        }
    }
    settings.limits.workers = 1 + static_cast<std::int64_t>(seed % 3);
    return settings;
}

std::string described(std::uint64_t seed, const test::Ground& ground,
                      const gc::Settings& settings) {
    std::string off;
    for (const gc::Target target : settings.policy.switched_off) {
        off += fmt::format(" {}", gc::name(target));
    }
    return fmt::format(
        "seed {} (ITGC_TEST_FIRST_SEED={} ITGC_TEST_SEEDS=1) on {}: grace {}, margin {}, "
        "batch_size {}, "
        "batch_rows {}, workers {}, off:{}\n",
        seed, seed, ground.text(), util::format_duration(settings.policy.grace),
        util::format_duration(settings.policy.orphans_margin), settings.limits.batch_size,
        settings.limits.batch_rows, settings.limits.workers, off);
}

std::string run_trial(test::Workbench& bench, std::uint64_t seed) {
    const gc::Settings settings = settings_for(seed);
    const test::Oracle oracle = prepared(bench, seed, settings);
    const test::Snapshot before = test::take_snapshot(bench.connection(), bench.catalog());
    const gc::RunReport dry = test::dry_run_once(bench.store(), settings);
    const test::Snapshot untouched = test::take_snapshot(bench.connection(), bench.catalog());
    const gc::RunReport run = test::run_once(bench.store(), settings, std::nullopt,
                                             test::worker_opener(bench.database()));
    const test::Snapshot after = test::take_snapshot(bench.connection(), bench.catalog());
    const gc::RunReport again = test::run_once(bench.store(), settings);
    return unless_empty("the dry run changed the database", test::difference(before, untouched)) +
           unless_empty("the run differs from the oracle",
                        test::difference(oracle.expected(), after)) +
           unequal("the oracle counts, the run counts", test::removals(oracle),
                   test::removals(run.tally)) +
           unequal("the dry run says, the run says", test::described(dry.tally),
                   test::described(run.tally)) +
           unless_empty("the second run removed", test::removals(again.tally));
}

std::string run_bounded_trial(test::Workbench& bench, std::uint64_t seed) {
    gc::Settings settings = settings_for(seed);
    const test::Oracle oracle = prepared(bench, seed, settings);
    settings.limits.max_rows = 1 + static_cast<std::int64_t>(seed % 17);
    std::string wrong;
    for (int run = 0; run < k_runs_until_done && wrong.empty(); ++run) {
        const gc::RunReport dry = test::dry_run_once(bench.store(), settings);
        const gc::RunReport report = test::run_once(bench.store(), settings, std::nullopt,
                                                    test::worker_opener(bench.database()));
        const std::int64_t removed = gc::rows_removed(report.tally);
        if (removed > settings.limits.max_rows) {
            wrong +=
                fmt::format("{} rows went, {} were allowed\n", removed, settings.limits.max_rows);
        }
        wrong += unequal("the dry run says, the bounded run says", test::described(dry.tally),
                         test::described(report.tally));
        wrong +=
            unless_empty("the bounded run differs from the oracle",
                         test::losses(oracle.expected(),
                                      test::take_snapshot(bench.connection(), bench.catalog())));
        settings.limits.max_rows *= 4;
    }
    return wrong;
}

}  // namespace property
