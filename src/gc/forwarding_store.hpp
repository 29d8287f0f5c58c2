// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/store.hpp"

namespace gc {

// Hands every call to another store, which must outlive it; what watches a run overrides the few
// calls it wants to see, so that a run nobody watches pays nothing.
class ForwardingStore : public Store {
public:
    explicit ForwardingStore(Store& inner) : m_inner(inner) {}

    DatabaseClock clock() override { return m_inner.clock(); }
    Schema schema() override { return m_inner.schema(); }
    ScanResult scan(Target target, const Cursor& after, const Policy& policy,
                    std::int64_t limit) override {
        return m_inner.scan(target, after, policy, limit);
    }
    void examine(Target target, std::vector<Candidate>& candidates, const Policy& policy) override {
        m_inner.examine(target, candidates, policy);
    }
    std::optional<Candidate> find(Target target, Id id, const Policy& policy) override {
        return m_inner.find(target, id, policy);
    }
    std::map<Id, EarlyClient> early_clients() override { return m_inner.early_clients(); }
    TokenPage tokens_below(Target target, Id below, std::int64_t limit,
                           const EarlyNeeds& needs) override {
        return m_inner.tokens_below(target, below, limit, needs);
    }
    void describe_tokens(Target target, std::vector<TokenFacts>& tokens,
                         const EarlyNeeds& needs) override {
        m_inner.describe_tokens(target, tokens, needs);
    }
    std::vector<IdleWitness> live_tokens_of(const std::vector<Id>& refresh_tokens,
                                            util::TimePoint now, std::int64_t limit) override {
        return m_inner.live_tokens_of(refresh_tokens, now, limit);
    }
    std::vector<HeavyOwner> heavy_owners(const std::vector<Satellite>& satellites,
                                         const std::vector<Id>& owners,
                                         std::int64_t rows) override {
        return m_inner.heavy_owners(satellites, owners, rows);
    }
    std::vector<std::int64_t> satellite_rows(const std::vector<Satellite>& satellites,
                                             const std::vector<Id>& owners,
                                             std::int64_t most) override {
        return m_inner.satellite_rows(satellites, owners, most);
    }
    bool cascades(const Satellite& satellite) override { return m_inner.cascades(satellite); }
    void begin() override { m_inner.begin(); }
    void commit() override { m_inner.commit(); }
    void rollback() noexcept override { m_inner.rollback(); }
    std::vector<LockedRow> lock(Target target, const std::vector<Id>& ids) override {
        return m_inner.lock(target, ids);
    }
    std::vector<Id> referenced(Target target, const std::vector<Id>& ids) override {
        return m_inner.referenced(target, ids);
    }
    std::vector<Reference> references(Target target, const std::vector<Id>& ids) override {
        return m_inner.references(target, ids);
    }
    std::int64_t remove_satellites(const Satellite& satellite,
                                   const std::vector<Id>& owners) override {
        return m_inner.remove_satellites(satellite, owners);
    }
    std::int64_t count_satellites(const Satellite& satellite,
                                  const std::vector<Id>& owners) override {
        return m_inner.count_satellites(satellite, owners);
    }
    std::int64_t drain_satellites(const Satellite& satellite, Id owner,
                                  std::int64_t limit) override {
        return m_inner.drain_satellites(satellite, owner, limit);
    }
    std::int64_t remove(Target target, const std::vector<Id>& ids, const Policy& policy) override {
        return m_inner.remove(target, ids, policy);
    }
    std::vector<LockedRow> read(Target target, const std::vector<Id>& ids) override {
        return m_inner.read(target, ids);
    }
    std::vector<Id> existing(Target target, const std::vector<Id>& ids) override {
        return m_inner.existing(target, ids);
    }
    ScanResult scan_ownerless(const Satellite& satellite, const Cursor& after,
                              std::int64_t limit) override {
        return m_inner.scan_ownerless(satellite, after, limit);
    }
    std::int64_t remove_ownerless(const Satellite& satellite,
                                  const std::vector<Id>& owners) override {
        return m_inner.remove_ownerless(satellite, owners);
    }
    std::int64_t remove_keys(Target target, const std::vector<std::string>& keys,
                             const Policy& policy) override {
        return m_inner.remove_keys(target, keys, policy);
    }
    std::int64_t remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                       const Policy& policy) override {
        return m_inner.remove_key_satellites(target, keys, policy);
    }
    std::int64_t count_key_satellites(Target target,
                                      const std::vector<std::string>& keys) override {
        return m_inner.count_key_satellites(target, keys);
    }
    std::vector<std::string> existing_keys(Target target,
                                           const std::vector<std::string>& keys) override {
        return m_inner.existing_keys(target, keys);
    }
    std::optional<Id> holder_safe_point(util::TimePoint expired_before) override {
        return m_inner.holder_safe_point(expired_before);
    }
    std::optional<Id> user_auth_safe_point(Id holder) override {
        return m_inner.user_auth_safe_point(holder);
    }
    bool has_more_rows_than(std::string_view table, std::int64_t rows) override {
        return m_inner.has_more_rows_than(table, rows);
    }
    std::vector<IssuedToken> newest_tokens() override { return m_inner.newest_tokens(); }
    void probe_removal(std::string_view table) override { m_inner.probe_removal(table); }
    LockHolder try_lock_run() override { return m_inner.try_lock_run(); }
    void reconnect() override { m_inner.reconnect(); }

protected:
    Store& inner() { return m_inner; }

private:
    Store& m_inner;
};

}  // namespace gc
