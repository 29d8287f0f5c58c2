// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace util {

// The first and the last of numbers that follow each other.
using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;

// Pure: the runs of these numbers, in ascending order; those that occur twice count once.
Runs runs_of(std::vector<std::int64_t> numbers);

}  // namespace util
