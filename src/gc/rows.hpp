// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/policy.hpp"

#include <vector>

namespace gc {

// The ids of candidates, locked rows or anything else that has one, in their order.
template <typename Range>
std::vector<Id> ids_of(const Range& rows) {
    std::vector<Id> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) {
        ids.push_back(row.id);
    }
    return ids;
}

}  // namespace gc
