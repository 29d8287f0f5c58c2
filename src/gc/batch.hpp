// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/batch_size.hpp"
#include "gc/collector.hpp"
#include "gc/removal.hpp"
#include "gc/workers.hpp"
#include "util/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace gc {

// Runs batches as transactions: tries again after conflicts, splits a batch around a locked row,
// reconnects, and learns from each how large the next may be.
class Batches {
public:
    // may_go_on waits at the gate, with no transaction open, and tells whether the run goes on; it
    // is asked between the transactions of one batch.
    Batches(Store& store, const Settings& settings, const Environment& environment,
            RunReport& report, std::function<bool()> may_go_on);

    std::int64_t size() const { return m_size.current(); }

    // Removes the batch and what becomes an orphan by it, within limits.max_rows. Rows that another
    // session keeps locked are left and named in the report.
    void remove(const PlannedTarget& planned, std::span<const Candidate> batch);

    // Told which candidates had their turn, and how many rows of them went.
    using Count = std::function<void(std::span<const Candidate>, std::int64_t)>;

    // The same with all sessions of the run at the same time, each a list of about size(). The
    // batch, with what may follow it, must not be more than limits.max_rows lets go.
    void remove_together(const PlannedTarget& planned, std::span<const Candidate> batch,
                         const Count& count);
    // How many candidates that takes; opens the sessions that are missing.
    std::int64_t size_together();
    // Whether there is more than the run's own session.
    bool has_workers() const { return m_workers.wanted() > 0; }

    // Removes the satellites of owners that do not exist: of as many from the front as one
    // transaction may touch. Returns how many are done with, 0 when the first has more.
    std::size_t remove_ownerless(const Satellite& satellite, std::span<const Candidate> owners);

    // Calls a read until it succeeds, reconnecting and waiting in between.
    template <typename Read>
    auto read(Read&& statement) {
        for (std::int64_t failures = 1;; ++failures) {
            try {
                return statement();
            } catch (const util::Error& error) {
                recover(error, failures);
            }
        }
    }

private:
    enum class Outcome { committed, again, given_up };

    // A transaction whose COMMIT was sent.
    struct Pending {
        Tally tally{};
        std::vector<Id> ids{};
        std::vector<std::string> keys{};
        Postponed postponed{};
    };

    void attempt(const PlannedTarget& planned, std::span<const Candidate> batch);
    Outcome attempt_once(const PlannedTarget& planned, std::span<const Candidate> batch,
                         Exclusions& exclusions, std::int64_t failures);
    void transact(const PlannedTarget& planned, std::span<const Candidate> batch,
                  const Exclusions& exclusions);
    bool was_committed(Target target);
    using Lists = std::vector<std::vector<Candidate>>;
    std::vector<Share> try_lists(const PlannedTarget& planned, const Lists& lists);
    void take_over(const Share& share);
    static std::int64_t removed_by(const Share& share, Target target);
    void learn_from(const Lists& lists, const std::vector<Share>& shares);
    void settle_left(const PlannedTarget& planned, const std::vector<Candidate>& list, Share& share,
                     bool own, const Count& count);
    // What became an orphan by the batch, but would have made its transaction too large.
    void remember_postponed();
    void remove_postponed();
    void leave_locked(const PlannedTarget& planned, const Candidate& candidate,
                      const util::Error& error);
    void leave(Target target, std::optional<Id> id, const std::string& reason);
    // The batch in parts that touch about limits.batch_rows each at most, satellites included;
    // satellites that are too many even for one part are removed first. Without the candidates that
    // turned out to live or to be locked thereby.
    std::vector<std::span<const Candidate>> divide(const PlannedTarget& planned,
                                                   std::span<const Candidate> batch);
    // False when the owner has to stay.
    bool drain(const PlannedTarget& planned, const Satellite& satellite, const HeavyOwner& owner);
    std::string why_kept(const PlannedTarget& planned, Id id);
    std::int64_t drain_ownerless(const Satellite& satellite, Id owner, std::int64_t limit);
    // One transaction that removes satellites only, of which these owners had so many before.
    std::int64_t transact_slice(const Satellite& satellite, const std::vector<Id>& owners,
                                std::int64_t rows_before,
                                const std::function<std::int64_t()>& removal);
    void recover(const util::Error& error, std::int64_t failures);
    void reconnect();
    void count_transaction(std::chrono::steady_clock::time_point start);
    void settle(const Tally& tally, std::int64_t candidates,
                std::chrono::steady_clock::time_point start);
    double jitter();

    Store& m_store;
    const Settings& m_settings;
    const Environment& m_environment;
    RunReport& m_report;
    std::function<bool()> m_may_go_on;
    BatchSize m_size;
    std::int64_t m_locked_in_a_row = 0;
    bool m_committing = false;
    Pending m_pending{};
    Postponed m_postponed{};
    std::minstd_rand m_random;
    Workers m_workers;
};

}  // namespace gc
