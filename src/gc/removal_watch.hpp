// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/forwarding_store.hpp"

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

namespace gc {

// How many rows, and between which ids.
struct RowRange {
    std::int64_t rows = 0;
    Id first = 0;
    Id last = 0;

    void add(Id id);
    void add(const RowRange& other);
};

// Which rows went, by target, and by client where a row tells its client. A row that somebody else
// removed between the scan and the batch counts here as well.
struct Footprint {
    std::map<Target, RowRange> targets{};
    std::map<Id, std::map<Target, RowRange>> clients{};
};

// A store that remembers what a run removes, or a dry run would remove.
class RemovalWatch final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    const Footprint& footprint() const { return m_done; }

    ScanResult scan(Target target, const Cursor& after, const Policy& policy,
                    std::int64_t limit) override;
    TokenPage tokens_below(Target target, Id below, std::int64_t limit,
                           const EarlyNeeds& needs) override;
    std::int64_t remove(Target target, const std::vector<Id>& ids, const Policy& policy) override;
    void begin() override;
    void commit() override;
    // Asked after a COMMIT whose outcome is not known.
    std::vector<Id> existing(Target target, const std::vector<Id>& ids) override;

private:
    void settle();

    Footprint m_done{};
    Footprint m_pending{};  // of the transaction in hand, or of one in doubt
    bool m_doubt = false;
    std::map<Target, std::unordered_map<Id, Id>> m_clients{};  // of the page scanned last
};

}  // namespace gc
