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
    ScanResult result = m_inner.scan(target, after, policy, limit);
    std::erase_if(result.candidates, [&](const Candidate& row) { return is_gone(target, row.id); });
    return result;
}

void DryRunStore::examine(Target target, std::vector<Candidate>& candidates, const Policy& policy) {
    m_inner.examine(target, candidates, policy);
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

std::optional<Candidate> DryRunStore::find(Target target, Id id, const Policy& policy) {
    return m_inner.find(target, id, policy);
}

// A big owner is removed in slices by a real run; here nothing is removed, and its rows count once.
std::vector<HeavyOwner> DryRunStore::heavy_owners(const std::vector<Satellite>& /*satellites*/,
                                                  const std::vector<Id>& /*owners*/,
                                                  std::int64_t /*rows*/) {
    return {};
}

std::vector<LockedRow> DryRunStore::lock(Target target, const std::vector<Id>& ids) {
    return read(target, ids);
}

std::vector<LockedRow> DryRunStore::read(Target target, const std::vector<Id>& ids) {
    std::vector<LockedRow> rows = m_inner.read(target, ids);
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
    std::vector<Reference> references = m_inner.references(target, ids);
    std::erase_if(references, [&](const Reference& reference) {
        return is_gone(reference.referrer, reference.referrer_id);
    });
    return references;
}

std::int64_t DryRunStore::remove_satellites(const Satellite& satellite,
                                            const std::vector<Id>& owners) {
    return m_inner.count_satellites(satellite, owners);
}

std::int64_t DryRunStore::count_satellites(const Satellite& satellite,
                                           const std::vector<Id>& owners) {
    std::int64_t rows = m_inner.count_satellites(satellite, owners);
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
    const std::vector<Id> rows = m_inner.existing(target, ids);
    IdSet& gone = m_gone[target];
    for (const Id id : rows) {
        gone.insert(id);
    }
    return static_cast<std::int64_t>(rows.size());
}

std::vector<Id> DryRunStore::existing(Target target, const std::vector<Id>& ids) {
    std::vector<Id> rows = m_inner.existing(target, ids);
    std::erase_if(rows, [&](Id id) { return is_gone(target, id); });
    return rows;
}

ScanResult DryRunStore::scan_ownerless(const Satellite& satellite, const Cursor& after,
                                       std::int64_t limit) {
    return m_inner.scan_ownerless(satellite, after, limit);
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
    return static_cast<std::int64_t>(m_inner.existing_keys(target, keys).size());
}

std::int64_t DryRunStore::remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                                const Policy& /*policy*/) {
    return m_inner.count_key_satellites(target, keys);
}

std::int64_t DryRunStore::count_key_satellites(Target target,
                                               const std::vector<std::string>& keys) {
    return m_inner.count_key_satellites(target, keys);
}

std::vector<std::string> DryRunStore::existing_keys(Target target,
                                                    const std::vector<std::string>& keys) {
    return m_inner.existing_keys(target, keys);
}

std::optional<Id> DryRunStore::holder_safe_point(util::TimePoint expired_before) {
    return m_inner.holder_safe_point(expired_before);
}

std::optional<Id> DryRunStore::user_auth_safe_point(Id holder) {
    return m_inner.user_auth_safe_point(holder);
}

bool DryRunStore::has_more_rows_than(std::string_view table, std::int64_t rows) {
    return m_inner.has_more_rows_than(table, rows);
}

std::vector<IssuedToken> DryRunStore::newest_tokens() {
    return m_inner.newest_tokens();
}

}  // namespace gc
