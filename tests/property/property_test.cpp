// SPDX-License-Identifier: Apache-2.0
#include "property/trial.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

using Trial = std::string (*)(test::Workbench& bench, std::uint64_t seed);

// Tries seeds on every ground of a dialect, the first failure of each ground is enough.
void try_seeds(db::Dialect dialect, int count, Trial trial) {
    for (const test::Ground& ground : test::grounds()) {
        if (ground.shape.backend.dialect != dialect) {
            continue;
        }
        std::string wrong;
        for (std::uint64_t seed = property::first_seed();
             seed < property::first_seed() + static_cast<std::uint64_t>(count) && wrong.empty();
             ++seed) {
            wrong = trial(test::clear_workbench(ground), seed);
            CHECK_MESSAGE(wrong.empty(),
                          property::described(seed, ground, property::settings_for(seed)), wrong);
        }
    }
}

TEST_CASE("a run on SQLite removes exactly what the oracle says and what its dry run said") {
    try_seeds(db::Dialect::sqlite, property::seeds(150), property::run_trial);
}

TEST_CASE("a run on MariaDB removes exactly what the oracle says and what its dry run said") {
    try_seeds(db::Dialect::mysql, property::seeds(15), property::run_trial);
}

TEST_CASE("a run on PostgreSQL removes exactly what the oracle says and what its dry run said") {
    try_seeds(db::Dialect::postgresql, property::seeds(20), property::run_trial);
}

TEST_CASE("runs on SQLite that stop at max_rows never remove a row that the oracle keeps") {
    try_seeds(db::Dialect::sqlite, property::seeds(30), property::run_bounded_trial);
}

TEST_CASE("runs on MariaDB that stop at max_rows never remove a row that the oracle keeps") {
    try_seeds(db::Dialect::mysql, property::seeds(2), property::run_bounded_trial);
}

TEST_CASE("runs on PostgreSQL that stop at max_rows never remove a row that the oracle keeps") {
    try_seeds(db::Dialect::postgresql, property::seeds(3), property::run_bounded_trial);
}

TEST_CASE("policies on SQLite remove exactly what the oracle says and what their dry run said") {
    try_seeds(db::Dialect::sqlite, property::seeds(40), property::run_early_trial);
}

TEST_CASE("policies on MariaDB remove exactly what the oracle says and what their dry run said") {
    try_seeds(db::Dialect::mysql, property::seeds(4), property::run_early_trial);
}

TEST_CASE(
    "policies on PostgreSQL remove exactly what the oracle says and what their dry run said") {
    try_seeds(db::Dialect::postgresql, property::seeds(5), property::run_early_trial);
}

}  // namespace
