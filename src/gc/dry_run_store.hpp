// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/forwarding_store.hpp"
#include "gc/id_set.hpp"

#include <map>
#include <string>
#include <utility>

namespace gc {

// A store that removes nothing and remembers what would be gone, so that a dry run is the real run
// on other hands: holders and user authentications that become orphans only through this run's
// removals are found as well.
class DryRunStore final : public ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    ScanResult scan(Target target, const Cursor& after, const Policy& policy,
                    std::int64_t limit) override;
    void examine(Target target, std::vector<Candidate>& candidates, const Policy& policy) override;
    TokenPage tokens_below(Target target, Id below, std::int64_t limit,
                           const EarlyNeeds& needs) override;
    void describe_tokens(Target target, std::vector<TokenFacts>& tokens,
                         const EarlyNeeds& needs) override;
    std::vector<HeavyOwner> heavy_owners(const std::vector<Satellite>& satellites,
                                         const std::vector<Id>& owners, std::int64_t rows) override;
    std::vector<std::int64_t> satellite_rows(const std::vector<Satellite>& satellites,
                                             const std::vector<Id>& owners,
                                             std::int64_t most) override;

    void begin() override {}
    void commit() override {}
    void rollback() noexcept override {}

    std::vector<LockedRow> lock(Target target, const std::vector<Id>& ids) override;
    std::vector<LockedRow> read(Target target, const std::vector<Id>& ids) override;
    std::vector<Id> referenced(Target target, const std::vector<Id>& ids) override;
    std::vector<Reference> references(Target target, const std::vector<Id>& ids) override;
    std::int64_t remove_satellites(const Satellite& satellite,
                                   const std::vector<Id>& owners) override;
    std::int64_t count_satellites(const Satellite& satellite,
                                  const std::vector<Id>& owners) override;
    std::int64_t drain_satellites(const Satellite& satellite, Id owner,
                                  std::int64_t limit) override;
    std::int64_t remove(Target target, const std::vector<Id>& ids, const Policy& policy) override;
    std::vector<Id> existing(Target target, const std::vector<Id>& ids) override;

    std::int64_t remove_ownerless(const Satellite& satellite,
                                  const std::vector<Id>& owners) override;

    std::int64_t remove_keys(Target target, const std::vector<std::string>& keys,
                             const Policy& policy) override;
    std::int64_t remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                       const Policy& policy) override;

    void probe_removal(std::string_view /*table*/) override {}
    LockHolder try_lock_run() override { return {.acquired = true}; }

private:
    bool is_gone(Target target, Id id) const;

    std::map<Target, IdSet> m_gone{};
    // Rows of big ownerless owners that are counted already, by table and owner.
    std::map<std::pair<std::string, Id>, std::int64_t> m_drained{};
};

}  // namespace gc
