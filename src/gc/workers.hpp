// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/collector.hpp"
#include "gc/removal.hpp"
#include "util/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gc {

// What became of one list of a batch that several sessions remove at the same time.
struct Share {
    enum class Outcome {
        undone,     // rolled back: nothing of it was removed
        committed,  // tally and postponed say what went
        unknown,    // the connection broke during COMMIT
    };
    Outcome outcome = Outcome::undone;
    Tally tally{};
    Postponed postponed{};
    std::vector<Id> ids{};  // that were removed, or perhaps when the outcome is unknown
    std::chrono::milliseconds took{0};
    std::string reason{};                // why it was not plain, when the outcome is `undone`
    std::optional<util::Error> error{};  // of the store, when that is why
};

// The candidates in that many lists, empty ones left out: every candidate is in one of them, all
// tokens of a holder are in the same, and each list differs from an even share by less than the
// tokens of one holder. In the order of ids, as far as holders allow, because runs of ids are
// cheap.
std::vector<std::vector<Candidate>> shares_of(std::span<const Candidate> batch, std::size_t count);

// Removes the candidates in one transaction, once. Whatever is not plain (a lock of somebody else,
// a row that outlives its batch, more satellites than one transaction may touch, a lost connection)
// is rolled back. May be called for different stores at the same time.
//
// Two sessions that do this with different lists hardly ever want the same row: tokens are named by
// their ids, which are disjoint; satellites and holders hang on tokens of one list, because tokens
// of a holder stay together. At READ COMMITTED InnoDB locks no gaps, and its look for children of a
// removed row ends with that row's own children. Removing a row locks no row it refers to, so
// clients and refresh tokens are out of it. PostgreSQL locks the removed rows only. What is left,
// on MySQL and MariaDB:
//   - a user authentication of two holders, which only a stray row has; it is passed over;
//   - a small table without an index on the owner (access_token_permissions before 1.8.3), of which
//     a removal looks at every row;
//   - the row behind a range of owners, when the last owner has no row in that table.
// There a session that does not wait gives way, and its list goes to the run's own session. With
// limits.lock_wait two could wait for each other: the server ends one of them, both being ours, and
// that one's list goes the same way.
Share remove_plainly(Store& store, const Plan& plan, const PlannedTarget& planned,
                     const std::vector<Candidate>& list, Bounds bounds,
                     const Environment& environment) noexcept;

// The sessions of a run besides its own: opened when they are first needed, opened again when they
// were lost, and closed with this object. Used by the run's own thread; between two calls each
// session may be used by one thread.
class Workers {
public:
    // As many as `count`, if they can be opened.
    Workers(const Environment& environment, std::int64_t count, RunReport& report)
        : m_environment(environment),
          m_wanted(environment.open_worker ? count : 0),
          m_report(report) {}

    // How many there are, or will be when they can be opened.
    std::int64_t wanted() const { return m_wanted; }
    // Opens what is missing. A session that cannot be opened is warned about once, and the run goes
    // on with fewer.
    std::int64_t make_ready();
    Store& at(std::size_t index) { return *m_sessions.at(index).store; }
    // Its connection broke.
    void lost(std::size_t index) { m_sessions.at(index).lost = true; }

private:
    struct Session {
        std::unique_ptr<Store> store{};
        bool lost = false;
    };

    bool is_open_again(Session& session);
    void warn(const util::Error& error);

    const Environment& m_environment;
    std::int64_t m_wanted;
    RunReport& m_report;
    std::vector<Session> m_sessions{};
    bool m_warned = false;
};

}  // namespace gc
