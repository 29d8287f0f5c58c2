// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/columns.hpp"
#include "archive/record.hpp"
#include "archive/writer.hpp"
#include "gc/forwarding_store.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace archive {

// A store that reads what a batch is about to remove, inside the batch's own transaction, and has
// it on disk before the transaction is committed. Without an archive there is no such store, so a
// run without one sends the same statements as ever.
class RecordingStore final : public gc::ForwardingStore {
public:
    // All three must outlive this object.
    RecordingStore(gc::Store& inner, db::ArchiveRows& rows, Writer& writer);

    // Throws Error(io) when the archive could not say how the batch before ended.
    void begin() override;
    void commit() override;
    void rollback() noexcept override;

    // With values the satellites of a big owner are read before the first slice of them goes.
    std::int64_t drain_satellites(const gc::Satellite& satellite, gc::Id owner,
                                  std::int64_t limit) override;
    // What is written down is removed by a statement that says how much that was.
    bool cascades(const gc::Satellite& /*satellite*/) override { return false; }
    std::int64_t remove_satellites(const gc::Satellite& satellite,
                                   const std::vector<gc::Id>& owners) override;
    std::int64_t remove_ownerless(const gc::Satellite& satellite,
                                  const std::vector<gc::Id>& owners) override;
    std::int64_t remove(gc::Target target, const std::vector<gc::Id>& ids,
                        const gc::Policy& policy) override;
    std::int64_t remove_keys(gc::Target target, const std::vector<std::string>& keys,
                             const gc::Policy& policy) override;
    std::int64_t remove_key_satellites(gc::Target target, const std::vector<std::string>& keys,
                                       const gc::Policy& policy) override;

    // Asked after a COMMIT whose outcome is not known; what they answer tells how the batch ended.
    std::vector<gc::Id> existing(gc::Target target, const std::vector<gc::Id>& ids) override;
    std::vector<std::string> existing_keys(gc::Target target,
                                           const std::vector<std::string>& keys) override;

private:
    void add(const Json& record);
    void mark(const char* end) noexcept;
    void settle_doubt(bool gone);
    void look_around(gc::Target target, const db::RowSet& set, const db::Rows& rows);
    void read_clients(const db::RowSet& set, const db::Rows& rows);
    void record_satellites(const db::RowSet& set, const db::Rows& rows);
    void record_rows(gc::Target target, const db::RowSet& set, const db::Rows& rows,
                     const gc::Policy& policy);

    db::ArchiveRows& m_rows;
    Writer& m_writer;
    Mode m_mode;
    Batch m_batch{};
    Around m_around{};
    std::optional<std::int64_t> m_written{};               // on disk, how it ends is not known yet
    std::optional<std::int64_t> m_doubt{};                 // the session broke during its COMMIT
    std::set<std::pair<std::string, gc::Id>> m_drained{};  // satellites that are recorded already
    std::string m_failure{};
};

}  // namespace archive
