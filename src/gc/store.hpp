// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/idle.hpp"
#include "gc/policy.hpp"
#include "gc/schema.hpp"
#include "gc/target.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gc {

// Where a scan stands. Access tokens are walked from the cut-off back to the oldest by (expiration,
// id), because the server's own clean-up starts at the oldest and the two should not meet;
// everything else forward by primary key.
struct Cursor {
    std::optional<util::TimePoint> expiration{};
    Id id = 0;
    std::string key{};
    bool started = false;
};

struct ScanResult {
    std::vector<Candidate> candidates{};
    Cursor next{};
    bool done = false;  // nothing is left behind next
};

// A row locked for removal, with the parent it points to.
struct LockedRow {
    Id id = 0;
    std::optional<Id> parent_id{};
};

// One row that refers to another: the referrer's target and id, and the id it refers to.
struct Reference {
    Target referrer = Target::access_token;
    Id referrer_id = 0;
    Id id = 0;
};

// An owner with many rows in one satellite table.
struct HeavyOwner {
    std::size_t satellite = 0;  // which of the tables that were asked about
    Id id = 0;
    std::int64_t rows = 0;
};

// Who holds the single-run lock.
struct LockHolder {
    bool acquired = false;
    std::string holder{};  // words for a person, when somebody else has it
};

// The database's moment, in the session's zone and as UNIX milliseconds.
struct DatabaseClock {
    util::TimePoint now{};
    std::int64_t unix_milliseconds = 0;
};

// A token as the clock check sees it.
struct IssuedToken {
    util::TimePoint expiration{};
    std::int64_t validity_seconds = 0;
};

// Everything the collector asks of a database. One method, one statement (a bounded series of them
// where a table is walked in slices). All throw util::Error. Ids are what a scan returned and
// nothing else.
class Store {
public:
    virtual ~Store() = default;

    virtual DatabaseClock clock() = 0;
    virtual Schema schema() = 0;

    // Reads up to limit rows behind the cursor; plain reads of narrow columns, no locks. For orphan
    // targets only rows that nothing refers to by an indexed column, up to `last` (the safe point).
    virtual ScanResult scan(Target target, const Cursor& after, const Policy& policy,
                            std::int64_t limit) = 0;
    // Fills registration and referenced.
    virtual void examine(Target target, std::vector<Candidate>& candidates,
                         const Policy& policy) = 0;
    // One row by its id, examined, for `why`.
    virtual std::optional<Candidate> find(Target target, Id id, const Policy& policy) = 0;

    // For policies of tokens that have not expired: every client with the grant types it has, the
    // next tokens below an id from the newest down, and their scopes and audiences.
    virtual std::map<Id, EarlyClient> early_clients() = 0;
    virtual TokenPage tokens_below(Target target, Id below, std::int64_t limit,
                                   const EarlyNeeds& needs) = 0;
    virtual void describe_tokens(Target target, std::vector<TokenFacts>& tokens,
                                 const EarlyNeeds& needs) = 0;

    // The oldest access token of each of these refresh tokens that expires later than `now`, at
    // most `limit`.
    virtual std::vector<IdleWitness> live_tokens_of(const std::vector<Id>& refresh_tokens,
                                                    util::TimePoint now, std::int64_t limit) = 0;

    // Owners of more than `rows` rows in one of these satellite tables, in the order of the tables.
    virtual std::vector<HeavyOwner> heavy_owners(const std::vector<Satellite>& satellites,
                                                 const std::vector<Id>& owners,
                                                 std::int64_t rows) = 0;
    // Rows of these owners in each of these satellite tables; a table that has more than `most` may
    // count for no more than that. Nothing where it does not matter how many there are.
    virtual std::vector<std::int64_t> satellite_rows(const std::vector<Satellite>& satellites,
                                                     const std::vector<Id>& owners,
                                                     std::int64_t most) = 0;
    // Whether rows of that table may be left to a foreign key, which removes them with their owner
    // at less cost than a statement; as long as the owner is locked it gets no more of them.
    virtual bool cascades(const Satellite& satellite) = 0;

    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;

    // Locks those of the rows that still exist; a new reference to them has to wait from here on.
    virtual std::vector<LockedRow> lock(Target target, const std::vector<Id>& ids) = 0;
    // Those of the rows that some row refers to now, by a fresh read of every referring table in
    // one statement.
    virtual std::vector<Id> referenced(Target target, const std::vector<Id>& ids) = 0;
    // Every row that refers to one of these, for the dry run; may be many more than ids.
    virtual std::vector<Reference> references(Target target, const std::vector<Id>& ids) = 0;
    // Removes the satellites of these owners.
    virtual std::int64_t remove_satellites(const Satellite& satellite,
                                           const std::vector<Id>& owners) = 0;
    // Counts what remove_satellites would remove.
    virtual std::int64_t count_satellites(const Satellite& satellite,
                                          const std::vector<Id>& owners) = 0;
    // Removes at most limit satellites of one owner.
    virtual std::int64_t drain_satellites(const Satellite& satellite, Id owner,
                                          std::int64_t limit) = 0;
    // Removes the rows, each only if it is still garbage by the statement's own condition.
    virtual std::int64_t remove(Target target, const std::vector<Id>& ids,
                                const Policy& policy) = 0;
    // What lock would return if no other session held a lock, without locking; for the dry run.
    virtual std::vector<LockedRow> read(Target target, const std::vector<Id>& ids) = 0;
    // Those of the rows that exist.
    virtual std::vector<Id> existing(Target target, const std::vector<Id>& ids) = 0;

    // Ownerless satellites: owners of rows behind the cursor that do not exist; and their removal.
    virtual ScanResult scan_ownerless(const Satellite& satellite, const Cursor& after,
                                      std::int64_t limit) = 0;
    virtual std::int64_t remove_ownerless(const Satellite& satellite,
                                          const std::vector<Id>& owners) = 0;

    // Rows keyed by text (iam_revoked_at, SPRING_SESSION): removal by key, condition restated,
    // attributes first.
    virtual std::int64_t remove_keys(Target target, const std::vector<std::string>& keys,
                                     const Policy& policy) = 0;
    virtual std::int64_t remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                               const Policy& policy) = 0;
    virtual std::int64_t count_key_satellites(Target target,
                                              const std::vector<std::string>& keys) = 0;
    virtual std::vector<std::string> existing_keys(Target target,
                                                   const std::vector<std::string>& keys) = 0;

    // Highest id of a holder that exists among tokens and codes that expired at or before that
    // moment: the holder is older than its token was then, and so is every holder with a lower id
    // (iam-database.md 6, rule 4).
    virtual std::optional<Id> holder_safe_point(util::TimePoint expired_before) = 0;
    // Highest user authentication among holders up to that id.
    virtual std::optional<Id> user_auth_safe_point(Id holder) = 0;
    // True when the table has more rows than that; reads no more than needed to know.
    virtual bool has_more_rows_than(std::string_view table, std::int64_t rows) = 0;
    // The newest tokens that tell when they were issued, newest first.
    virtual std::vector<IssuedToken> newest_tokens() = 0;

    // Throws Error(permission) when the account may not remove from that table, without removing
    // anything.
    virtual void probe_removal(std::string_view table) = 0;

    // Takes the lock that only one run per database can have; released with the session.
    virtual LockHolder try_lock_run() = 0;
    // Opens a new session after the old one was lost; the run lock has to be taken again.
    virtual void reconnect() = 0;
};

}  // namespace gc
