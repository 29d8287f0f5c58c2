// SPDX-License-Identifier: Apache-2.0
#include "gc/dry_run_store.hpp"

#include <algorithm>
#include <unordered_set>

namespace gc {

bool DryRunStore::is_gone(Target target, Id id) const {
    const auto found = m_gone.find(target);
    return found != m_gone.end() && found->second.contains(id);
}

ScanResult DryRunStore::scan(Target target, const Cursor& after, const Policy& policy,
                             std::int64_t limit) {
    ScanResult result = inner().scan(target, after, policy, limit);
    std::erase_if(result.candidates, [&](const Candidate& row) { return is_gone(target, row.id); });
    return result;
}

void DryRunStore::examine(Target target, std::vector<Candidate>& candidates, const Policy& policy) {
    inner().examine(target, candidates, policy);
    std::vector<Id> doubtful;
    for (const Candidate& candidate : candidates) {
        if (candidate.referenced) {
            doubtful.push_back(candidate.id);
        }
    }
    if (doubtful.empty()) {
        return;
    }
    const std::vector<Id> still = referenced(target, doubtful);
    const std::unordered_set<Id> referenced_ids(still.begin(), still.end());
    for (Candidate& candidate : candidates) {
        candidate.referenced = referenced_ids.contains(candidate.id);
    }
}

TokenPage DryRunStore::tokens_below(Target target, Id below, std::int64_t limit,
                                    const EarlyNeeds& needs) {
    TokenPage page = inner().tokens_below(target, below, limit, needs);
    std::erase_if(page.tokens, [&](const TokenFacts& token) { return is_gone(target, token.id); });
    return page;
}

void DryRunStore::describe_tokens(Target target, std::vector<TokenFacts>& tokens,
                                  const EarlyNeeds& needs) {
    inner().describe_tokens(target, tokens, needs);
    std::vector<Id> doubtful;
    for (const TokenFacts& token : tokens) {
        if (token.referenced) {
            doubtful.push_back(token.id);
        }
    }
    if (doubtful.empty()) {
        return;
    }
    const std::vector<Id> still = referenced(target, doubtful);
    const std::unordered_set<Id> referenced_ids(still.begin(), still.end());
    for (TokenFacts& token : tokens) {
        token.referenced = referenced_ids.contains(token.id);
    }
}

// A big owner is removed in slices by a real run; here nothing is removed, and its rows count once.
std::vector<HeavyOwner> DryRunStore::heavy_owners(const std::vector<Satellite>& /*satellites*/,
                                                  const std::vector<Id>& /*owners*/,
                                                  std::int64_t /*rows*/) {
    return {};
}

std::vector<std::int64_t> DryRunStore::satellite_rows(const std::vector<Satellite>& /*satellites*/,
                                                      const std::vector<Id>& /*owners*/,
                                                      std::int64_t /*most*/) {
    return {};
}

std::vector<LockedRow> DryRunStore::lock(Target target, const std::vector<Id>& ids) {
    return read(target, ids);
}

std::vector<LockedRow> DryRunStore::read(Target target, const std::vector<Id>& ids) {
    std::vector<LockedRow> rows = inner().read(target, ids);
    std::erase_if(rows, [&](const LockedRow& row) { return is_gone(target, row.id); });
    return rows;
}

std::vector<Id> DryRunStore::referenced(Target target, const std::vector<Id>& ids) {
    std::unordered_set<Id> found;
    for (const Reference& reference : references(target, ids)) {
        found.insert(reference.id);
    }
    return {found.begin(), found.end()};
}

std::vector<Reference> DryRunStore::references(Target target, const std::vector<Id>& ids) {
    std::vector<Reference> references = inner().references(target, ids);
    std::erase_if(references, [&](const Reference& reference) {
        return is_gone(reference.referrer, reference.referrer_id);
    });
    return references;
}

std::int64_t DryRunStore::remove_satellites(const Satellite& satellite,
                                            const std::vector<Id>& owners) {
    return inner().count_satellites(satellite, owners);
}

std::int64_t DryRunStore::count_satellites(const Satellite& satellite,
                                           const std::vector<Id>& owners) {
    std::int64_t rows = inner().count_satellites(satellite, owners);
    for (const auto& [drained, count] : m_drained) {
        const bool meant = drained.first == satellite.table &&
                           std::find(owners.begin(), owners.end(), drained.second) != owners.end();
        rows -= meant ? count : 0;
    }
    return rows;
}

std::int64_t DryRunStore::drain_satellites(const Satellite& satellite, Id owner,
                                           std::int64_t limit) {
    const std::int64_t rows = std::min(limit, count_satellites(satellite, {owner}));
    m_drained[{std::string(satellite.table), owner}] += rows;
    return rows;
}

std::int64_t DryRunStore::remove(Target target, const std::vector<Id>& ids,
                                 const Policy& /*policy*/) {
    const std::vector<Id> rows = inner().existing(target, ids);
    IdSet& gone = m_gone[target];
    for (const Id id : rows) {
        gone.insert(id);
    }
    return static_cast<std::int64_t>(rows.size());
}

std::vector<Id> DryRunStore::existing(Target target, const std::vector<Id>& ids) {
    std::vector<Id> rows = inner().existing(target, ids);
    std::erase_if(rows, [&](Id id) { return is_gone(target, id); });
    return rows;
}

// A missing owner still seems to refer to a permission as long as its rows are there.
std::int64_t DryRunStore::remove_ownerless(const Satellite& satellite,
                                           const std::vector<Id>& owners) {
    if (const auto target = target_of(satellite.owner_table)) {
        for (const Id owner : owners) {
            m_gone[*target].insert(owner);
        }
    }
    return count_satellites(satellite, owners);
}

std::int64_t DryRunStore::remove_keys(Target target, const std::vector<std::string>& keys,
                                      const Policy& /*policy*/) {
    return static_cast<std::int64_t>(inner().existing_keys(target, keys).size());
}

std::int64_t DryRunStore::remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                                const Policy& /*policy*/) {
    return inner().count_key_satellites(target, keys);
}

}  // namespace gc
