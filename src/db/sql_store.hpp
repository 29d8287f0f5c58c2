// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "db/run_lock.hpp"
#include "db/statement_text.hpp"
#include "gc/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace db {

struct TargetQueries;

// The store over one session of any server. Its statements stand in sql/queries. They take for
// granted the tables and columns that plan.hpp asks for, and the indexes of requirements.hpp:
// without them they are right but slow.
class SqlStore final : public gc::Store {
public:
    using Connector = std::function<std::unique_ptr<Connection>()>;

    // connector opens a new session of the same kind; reconnect calls it.
    SqlStore(std::unique_ptr<Connection> connection, Connector connector);

    gc::DatabaseClock clock() override;
    // Read once, on the first call.
    gc::Schema schema() override { return known_schema(); }

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
    // On MySQL only: PostgreSQL runs a statement for each owner.
    bool cascades(const gc::Satellite& satellite) override;

    void begin() override { connection().begin(); }
    void commit() override { connection().commit(); }
    void rollback() noexcept override;

    // Rows that another session has locked are left out, where the server can; elsewhere they are a
    // transient error.
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

    // Waits up to two seconds for the server to see that a session which just ended is gone: the
    // one lost before reconnect, or that of the run before.
    gc::LockHolder try_lock_run() override;
    void reconnect() override;

    // The session; throws util::Error(connection) when the last reconnect failed.
    Connection& connection();

private:
    using Parts = std::vector<Part>;
    using Parameters = std::vector<Value>;

    Rows query(const Statement& statement, Parts parts, Parameters parameters = {});
    std::int64_t execute(const Statement& statement, Parts parts, Parameters parameters = {});
    // The arrays that the statement names become parameters behind the others.
    static void bind_arrays(std::string_view statement, Parts& parts, Parameters& parameters);
    const gc::Schema& known_schema();
    std::string table_name(std::string_view table);

    gc::ScanResult scan_expired(const gc::Cursor& after, const gc::Policy& policy,
                                std::int64_t limit);
    gc::ScanResult scan_rows(const Statement& statement, const gc::Cursor& after,
                             std::int64_t limit);
    gc::ScanResult scan_orphans(const TargetQueries& queries, const gc::Cursor& after,
                                const gc::Policy& policy, std::int64_t limit);
    gc::ScanResult scan_keys(gc::Target target, const gc::Cursor& after, std::int64_t limit);

    std::int64_t remove_early(gc::Target target, const std::vector<gc::Id>& ids,
                              const gc::Policy& policy);

    // The parts {ids} and {these}, in the form that suits the session, and {first} and {last} for
    // PostgreSQL. indexed: an index leads wherever {these} are looked for.
    Parts listed(const std::vector<gc::Id>& ids, bool indexed);
    Parts listed_for(gc::Target target, const std::vector<gc::Id>& ids);
    Parts rows_of(gc::Target target, const std::vector<gc::Id>& ids);
    static Parts satellite_parts(const gc::Satellite& satellite, Parts owners);
    std::int64_t remove_few_satellites(const gc::Satellite& satellite,
                                       const std::vector<gc::Id>& owners);
    bool goes_by_index(const gc::Satellite& satellite);
    // A satellite and its statement, of which several make one.
    using Branch = std::pair<const gc::Satellite*, const Statement*>;
    Rows query_branches(const std::vector<Branch>& branches, Parts common, Parameters parameters);
    // The part {by_index}: "FORCE INDEX (name)" for the index that the column leads, on MySQL only.
    Part by_index(std::string_view table, std::string_view column);

    std::int64_t wall_clock_minus_unix();
    Value cutoff_of(gc::Target target, const gc::Policy& policy);
    std::optional<util::TimePoint> expiration_of(gc::Target target, const Cell& cell);

    std::optional<gc::Id> newest_witness(const Statement& statement, const Part& by_index,
                                         const Value& condition);

    std::unique_ptr<Connection> m_connection;
    Connector m_connector;
    RunLock m_run_lock{};
    std::optional<gc::Schema> m_schema{};
    std::set<std::string_view> m_dense{};  // satellite tables with rows of every owner lately
    std::optional<std::map<std::pair<std::string, std::string>, std::string>> m_index_names{};
    std::optional<std::int64_t> m_wall_clock_minus_unix{};  // milliseconds
};

}  // namespace db
