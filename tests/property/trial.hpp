// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/settings.hpp"
#include "support/workbench.hpp"

#include <cstdint>
#include <string>

namespace property {

// How many seeds each ground gets, from ITGC_TEST_SEEDS or this number.
int seeds(int count);
// The first seed, from ITGC_TEST_FIRST_SEED or a fixed number.
std::uint64_t first_seed();

// The settings that a seed chooses: grace, margin, sizes of batches, workers, targets that are
// switched off.
gc::Settings settings_for(std::uint64_t seed);
// Seed, ground and settings, for a message that lets a failure be repeated.
std::string described(std::uint64_t seed, const test::Ground& ground, const gc::Settings& settings);

// Fills the workbench from the seed, then: a dry run that changes nothing, a run that removes what
// the dry run said and leaves what the oracle says, and another run that removes nothing. Returns
// what went wrong, empty if nothing.
std::string run_trial(test::Workbench& bench, std::uint64_t seed);

// The same with a run that stops after a few rows, and runs until nothing is left: no row goes that
// the oracle keeps.
std::string run_bounded_trial(test::Workbench& bench, std::uint64_t seed);

// The same as run_trial with policies for tokens that have not expired, which the seed chooses.
std::string run_early_trial(test::Workbench& bench, std::uint64_t seed);

}  // namespace property
