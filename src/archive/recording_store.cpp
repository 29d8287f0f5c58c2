// SPDX-License-Identifier: Apache-2.0
#include "archive/recording_store.hpp"

#include "util/error.hpp"
#include "util/log.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace archive {

namespace {

constexpr auto k_replace = Json::error_handler_t::replace;

// What was read and what was removed are the same rows only if they are as many; the batch is tried
// again when another session removed some in between.
void require_same(std::int64_t removed, std::size_t read, std::string_view table) {
    if (removed != static_cast<std::int64_t>(read)) {
        throw util::Error(
            util::ErrorKind::transient,
            fmt::format("rows of {} changed between their archiving and their removal", table));
    }
}

std::vector<gc::Id> column_ids(const db::RowSet& set, const db::Rows& rows,
                               std::string_view column) {
    std::set<gc::Id> ids;
    for (const db::Row& row : rows) {
        if (const auto id = db::as_optional_integer(cell_of(set, row, column))) {
            ids.insert(*id);
        }
    }
    return {ids.begin(), ids.end()};
}

}  // namespace

RecordingStore::RecordingStore(gc::Store& inner, db::ArchiveRows& rows, Writer& writer)
    : ForwardingStore(inner),
      m_rows(rows),
      m_writer(writer),
      m_mode(writer.manifest().mode == name(Mode::full) ? Mode::full : Mode::ids) {
    m_around.run = writer.manifest().run;
}

void RecordingStore::begin() {
    if (!m_failure.empty()) {
        throw util::Error(util::ErrorKind::io, m_failure);
    }
    m_batch = {};
    m_around.scopes.clear();
    m_doubt.reset();
    inner().begin();
}

void RecordingStore::commit() {
    if (m_batch.size() > 0) {
        m_written = m_writer.write(m_batch);
    }
    try {
        inner().commit();
    } catch (const util::Error& error) {
        if (error.kind() == util::ErrorKind::connection) {
            m_doubt = std::exchange(m_written, std::nullopt);
        }
        throw;
    }
    mark("committed");
}

void RecordingStore::rollback() noexcept {
    inner().rollback();
    mark("rolled_back");
}

// The batch has ended whatever happens here, so a failure is told when the next one begins.
void RecordingStore::mark(const char* end) noexcept {
    if (!m_written) {
        return;
    }
    try {
        m_writer.mark(*std::exchange(m_written, std::nullopt), end);
    } catch (const std::exception& error) {
        m_failure = error.what();
    }
}

void RecordingStore::settle_doubt(bool gone) {
    if (m_doubt) {
        m_written = std::exchange(m_doubt, std::nullopt);
        mark(gone ? "committed" : "rolled_back");
    }
}

std::vector<gc::Id> RecordingStore::existing(gc::Target target, const std::vector<gc::Id>& ids) {
    std::vector<gc::Id> found = inner().existing(target, ids);
    settle_doubt(found.empty());
    return found;
}

std::vector<std::string> RecordingStore::existing_keys(gc::Target target,
                                                       const std::vector<std::string>& keys) {
    std::vector<std::string> found = inner().existing_keys(target, keys);
    settle_doubt(found.empty());
    return found;
}

void RecordingStore::add(const Json& record) {
    m_batch.lines += record.dump(-1, ' ', false, k_replace) + "\n";
    ++m_batch.rows[record.at("table").get<std::string>()];
}

void RecordingStore::read_clients(const db::RowSet& set, const db::Rows& rows) {
    std::vector<gc::Id> unknown = column_ids(set, rows, "client_id");
    std::erase_if(unknown, [&](gc::Id id) { return m_around.clients.contains(id); });
    for (const db::Row& row : m_rows.clients(unknown)) {
        m_around.clients[db::as_integer(row.at(0))] = row.at(1).value_or("");
    }
}

void RecordingStore::look_around(gc::Target target, const db::RowSet& set, const db::Rows& rows) {
    if (target == gc::Target::access_token || target == gc::Target::refresh_token) {
        read_clients(set, rows);
    }
    m_around.clients_of_holders.clear();
    if (target == gc::Target::authorization_code) {
        for (const db::Row& row :
             m_rows.clients_of_holders(column_ids(set, rows, "auth_holder_id"))) {
            m_around.clients_of_holders[db::as_integer(row.at(0))] = row.at(1).value_or("");
        }
    }
    m_around.users.clear();
    const bool holders = target == gc::Target::authentication_holder;
    for (const db::Row& row :
         m_rows.users(column_ids(set, rows, holders ? "id" : "auth_holder_id"))) {
        m_around.users[db::as_integer(row.at(0))] = row.at(1).value_or("");
    }
}

void RecordingStore::record_rows(gc::Target target, const db::RowSet& set, const db::Rows& rows,
                                 const gc::Policy& policy) {
    for (const db::Row& row : rows) {
        Json record = record_of(target, set, row, m_around, policy);
        if (m_mode == Mode::full) {
            add_columns(record, set, row);
        }
        add(record);
    }
}

void RecordingStore::record_satellites(const db::RowSet& set, const db::Rows& rows) {
    for (const db::Row& row : rows) {
        Json record = record_of_satellite(set, row, m_around.run);
        if (m_mode == Mode::full) {
            add_columns(record, set, row);
            add(record);
        } else if (const db::Cell scope = cell_of(set, row, "scope")) {
            m_around.scopes[record.at("owner").get<gc::Id>()].push_back(*scope);
        }
    }
}

std::int64_t RecordingStore::remove_satellites(const gc::Satellite& satellite,
                                               const std::vector<gc::Id>& owners) {
    const db::RowSet set = columns_of(satellite, m_rows.schema(), m_mode);
    if (m_mode == Mode::ids && set.columns.size() == 1) {
        return inner().remove_satellites(satellite, owners);
    }
    std::vector<gc::Id> whole = owners;
    std::erase_if(whole, [&](gc::Id id) { return m_drained.contains({set.table, id}); });
    const db::Rows rows = m_rows.by_ids(set, whole);
    const std::int64_t removed = inner().remove_satellites(satellite, owners);
    if (m_mode == Mode::full && whole.size() == owners.size()) {
        require_same(removed, rows.size(), set.table);
    }
    record_satellites(set, rows);
    return removed;
}

std::int64_t RecordingStore::drain_satellites(const gc::Satellite& satellite, gc::Id owner,
                                              std::int64_t limit) {
    const db::RowSet set = columns_of(satellite, m_rows.schema(), m_mode);
    if (m_mode == Mode::full && m_drained.insert({set.table, owner}).second) {
        record_satellites(set, m_rows.by_ids(set, {owner}));
    }
    return inner().drain_satellites(satellite, owner, limit);
}

std::int64_t RecordingStore::remove_ownerless(const gc::Satellite& satellite,
                                              const std::vector<gc::Id>& owners) {
    const db::RowSet set = columns_of(satellite, m_rows.schema(), m_mode);
    const db::Rows rows = m_rows.by_ids(set, owners);
    const std::int64_t removed = inner().remove_ownerless(satellite, owners);
    require_same(removed, rows.size(), set.table);
    for (const db::Row& row : rows) {
        Json record = record_of_satellite(set, row, m_around.run);
        record["reason"] = "ownerless";
        if (m_mode == Mode::full) {
            add_columns(record, set, row);
        }
        add(record);
    }
    return removed;
}

std::int64_t RecordingStore::remove(gc::Target target, const std::vector<gc::Id>& ids,
                                    const gc::Policy& policy) {
    const db::RowSet set = columns_of(target, m_rows.schema(), m_mode);
    const db::Rows rows = m_rows.by_ids(set, ids);
    look_around(target, set, rows);
    const std::int64_t removed = inner().remove(target, ids, policy);
    if (removed != static_cast<std::int64_t>(rows.size()) &&
        !inner().existing(target, ids).empty()) {
        return removed;  // rows outlived the statement, so the caller rolls back
    }
    require_same(removed, rows.size(), set.table);
    record_rows(target, set, rows, policy);
    return removed;
}

std::int64_t RecordingStore::remove_keys(gc::Target target, const std::vector<std::string>& keys,
                                         const gc::Policy& policy) {
    const db::RowSet set = columns_of(target, m_rows.schema(), m_mode);
    const db::Rows rows = m_rows.by_keys(set, keys);
    const std::int64_t removed = inner().remove_keys(target, keys, policy);
    if (removed != static_cast<std::int64_t>(rows.size()) &&
        !inner().existing_keys(target, keys).empty()) {
        return removed;
    }
    require_same(removed, rows.size(), set.table);
    record_rows(target, set, rows, policy);
    return removed;
}

std::int64_t RecordingStore::remove_key_satellites(gc::Target target,
                                                   const std::vector<std::string>& keys,
                                                   const gc::Policy& policy) {
    if (m_mode == Mode::full && !gc::satellites_of(target).empty()) {
        const db::RowSet set =
            columns_of(gc::satellites_of(target).front(), m_rows.schema(), m_mode);
        record_satellites(set, m_rows.by_keys(set, keys));
    }
    return inner().remove_key_satellites(target, keys, policy);
}

}  // namespace archive
