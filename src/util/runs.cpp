// SPDX-License-Identifier: Apache-2.0
#include "util/runs.hpp"

#include <algorithm>

namespace util {

Runs runs_of(std::vector<std::int64_t> numbers) {
    std::ranges::sort(numbers);
    Runs runs;
    for (const std::int64_t number : numbers) {
        if (!runs.empty() && number - 1 <= runs.back().second) {
            runs.back().second = number;
        } else {
            runs.emplace_back(number, number);
        }
    }
    return runs;
}

}  // namespace util
