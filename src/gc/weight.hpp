// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/store.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace gc {

// How many rows the removal of each owner touches, satellites included. Only owners with many are
// counted; the others together are less than a tenth of the limit, and each is taken for the
// largest of them.
struct Weights {
    std::vector<HeavyOwner> heavy{};
    std::map<Id, std::int64_t> satellites{};  // of the heavy ones
    std::int64_t light = 0;                   // satellites of any other owner at most

    // Rows touched at most, the owner itself included.
    std::int64_t of(Id id) const;
};

// Asks for the heavy ones with one statement. limit: rows that one transaction may touch.
Weights weigh(Store& store, const std::vector<Satellite>& satellites, const std::vector<Id>& owners,
              std::int64_t limit);

}  // namespace gc
