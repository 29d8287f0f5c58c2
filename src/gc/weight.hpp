// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/store.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace gc {

// How many rows the removal of each owner touches, satellites included. Where all together have
// room, none is counted by itself. Else owners with many are; the others together are less than a
// tenth of the limit, and each is taken for the largest of them.
struct Weights {
    std::vector<HeavyOwner> heavy{};
    std::map<Id, std::int64_t> satellites{};  // of the heavy ones
    std::int64_t light = 0;                   // satellites of any other owner at most
    std::vector<std::int64_t> rows{};         // by table, where all have room and were counted

    // Rows touched at most, the owner itself included.
    std::int64_t of(Id id) const;
};

// Asks with one statement, which is all that owners of a few satellites cost, or with two. limit:
// rows that one transaction may touch; room: how many of them are left.
Weights weigh(Store& store, const std::vector<Satellite>& satellites, const std::vector<Id>& owners,
              std::int64_t limit, std::int64_t room);

}  // namespace gc
