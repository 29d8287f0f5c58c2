// SPDX-License-Identifier: Apache-2.0
#include "gc/weight.hpp"

#include <numeric>
#include <utility>

namespace gc {

std::int64_t Weights::of(Id id) const {
    const auto found = satellites.find(id);
    return 1 + light + (found == satellites.end() ? 0 : found->second);
}

Weights weigh(Store& store, const std::vector<Satellite>& satellites, const std::vector<Id>& owners,
              std::int64_t limit, std::int64_t room) {
    if (owners.empty() || satellites.empty()) {
        return {};
    }
    const auto count = static_cast<std::int64_t>(owners.size());
    std::vector<std::int64_t> rows = store.satellite_rows(satellites, owners, limit);
    if (std::accumulate(rows.begin(), rows.end(), count) <= room) {
        return {.rows = std::move(rows)};
    }
    const auto tables = static_cast<std::int64_t>(satellites.size());
    const std::int64_t light = limit / (10 * count * tables);
    Weights weights{.heavy = store.heavy_owners(satellites, owners, light),
                    .light = light * tables};
    for (const HeavyOwner& owner : weights.heavy) {
        weights.satellites[owner.id] += owner.rows;
    }
    return weights;
}

}  // namespace gc
