// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/store.hpp"
#include "unit/fake_tables.hpp"
#include "util/error.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace test {

// A store in memory that keeps the promises of gc::Store: transactions, restated conditions, locks
// of other sessions, a session that is lost and opened again. What must not happen (a removal
// outside a transaction, two transactions at once) is a std::logic_error.
class FakeStore final : public gc::Store {
public:
    Tables tables{};
    gc::Schema catalog{};
    util::TimePoint now = util::parse_time("2026-05-01 12:00:00");
    std::vector<gc::IssuedToken> issued{};
    std::map<gc::Id, gc::EarlyClient> clients{};
    std::map<gc::Id, std::string> users{};             // names by user authentication
    std::set<std::string> denied{};                    // tables the account may not remove from
    std::optional<std::string> other_run{};            // who has the run lock, if not this session
    std::set<std::pair<gc::Target, gc::Id>> locked{};  // rows another session has locked
    std::set<std::string> locked_keys{};
    std::set<std::string> cascading{};  // tables whose rows go with their owner
    bool skips_locked = true;           // else lock() throws for a locked row
    std::vector<std::string> calls{};   // "remove access_token 1,2", in their order
    std::function<void(const std::string& method)> cost{};  // moves the clock, for example

    // Runs the action right before the n-th call of a method, counted from 1; it may throw.
    void before(const std::string& method, int n, std::function<void()> action);
    // The n-th call of a method throws; a connection error ends the session with its transaction.
    void fail(const std::string& method, int n, util::ErrorKind kind);
    // Every call of a method throws from now on, while the condition holds.
    void fail_while(const std::string& method, util::ErrorKind kind,
                    std::function<bool()> condition);
    // The connection breaks while the n-th COMMIT is under way, which the server carries out or
    // not.
    void lose_commit(int n, bool carried_out);
    // What another session commits now; it outlasts a rollback of the open transaction.
    void elsewhere(const std::function<void(Tables&)>& change);

    bool in_transaction() const { return m_saved.has_value(); }
    int count_calls(const std::string& method) const;

    gc::DatabaseClock clock() override;
    gc::Schema schema() override;
    gc::ScanResult scan(gc::Target target, const gc::Cursor& after, const gc::Policy& policy,
                        std::int64_t limit) override;
    void examine(gc::Target target, std::vector<gc::Candidate>& candidates,
                 const gc::Policy& policy) override;
    std::optional<gc::Candidate> find(gc::Target target, gc::Id id,
                                      const gc::Policy& policy) override;
    std::map<gc::Id, gc::EarlyClient> early_clients() override;
    gc::TokenPage tokens_below(gc::Target target, gc::Id below, std::int64_t limit,
                               const gc::EarlyNeeds& needs) override;
    std::vector<gc::IdleWitness> live_tokens_of(const std::vector<gc::Id>& refresh_tokens,
                                                util::TimePoint now, std::int64_t limit) override;
    void describe_tokens(gc::Target target, std::vector<gc::TokenFacts>& tokens,
                         const gc::EarlyNeeds& needs) override;
    std::vector<gc::HeavyOwner> heavy_owners(const std::vector<gc::Satellite>& satellites,
                                             const std::vector<gc::Id>& owners,
                                             std::int64_t rows) override;
    std::vector<std::int64_t> satellite_rows(const std::vector<gc::Satellite>& satellites,
                                             const std::vector<gc::Id>& owners,
                                             std::int64_t most) override;
    bool cascades(const gc::Satellite& satellite) override;
    void begin() override;
    void commit() override;
    void rollback() noexcept override;
    std::vector<gc::LockedRow> lock(gc::Target target, const std::vector<gc::Id>& ids) override;
    std::vector<gc::Id> referenced(gc::Target target, const std::vector<gc::Id>& ids) override;
    std::vector<gc::Reference> references(gc::Target target,
                                          const std::vector<gc::Id>& ids) override;
    std::int64_t remove_satellites(const gc::Satellite& satellite,
                                   const std::vector<gc::Id>& owners) override;
    std::int64_t count_satellites(const gc::Satellite& satellite,
                                  const std::vector<gc::Id>& owners) override;
    std::int64_t drain_satellites(const gc::Satellite& satellite, gc::Id owner,
                                  std::int64_t limit) override;
    std::int64_t remove(gc::Target target, const std::vector<gc::Id>& ids,
                        const gc::Policy& policy) override;
    std::vector<gc::LockedRow> read(gc::Target target, const std::vector<gc::Id>& ids) override;
    std::vector<gc::Id> existing(gc::Target target, const std::vector<gc::Id>& ids) override;
    gc::ScanResult scan_ownerless(const gc::Satellite& satellite, const gc::Cursor& after,
                                  std::int64_t limit) override;
    std::int64_t remove_ownerless(const gc::Satellite& satellite,
                                  const std::vector<gc::Id>& owners) override;
    std::int64_t remove_keys(gc::Target target, const std::vector<std::string>& keys,
                             const gc::Policy& policy) override;
    std::int64_t remove_key_satellites(gc::Target target, const std::vector<std::string>& keys,
                                       const gc::Policy& policy) override;
    std::int64_t count_key_satellites(gc::Target target,
                                      const std::vector<std::string>& keys) override;
    std::vector<std::string> existing_keys(gc::Target target,
                                           const std::vector<std::string>& keys) override;
    std::optional<gc::Id> holder_safe_point(util::TimePoint expired_before) override;
    std::optional<gc::Id> user_auth_safe_point(gc::Id holder) override;
    bool has_more_rows_than(std::string_view table, std::int64_t rows) override;
    std::vector<gc::IssuedToken> newest_tokens() override;
    void probe_removal(std::string_view table) override;
    gc::LockHolder try_lock_run() override;
    void reconnect() override;

private:
    struct LastingFault {
        util::ErrorKind kind{};
        std::function<bool()> condition{};
    };

    void enter(const std::string& method, const std::string& detail = {});
    void enter_transaction(const std::string& method, const std::string& detail);
    [[noreturn]] void raise(const std::string& method, util::ErrorKind kind);
    void refuse_locked(gc::Target target, const std::vector<gc::Id>& ids, const std::string& what);
    void lose_session() noexcept;

    std::optional<Tables> m_saved{};  // what a rollback goes back to
    bool m_connected = true;
    std::map<std::string, int> m_counts{};
    std::map<std::pair<std::string, int>, std::vector<std::function<void()>>> m_actions{};
    std::multimap<std::string, LastingFault> m_faults{};
    std::map<int, bool> m_lost_commits{};
};

}  // namespace test
