// SPDX-License-Identifier: Apache-2.0
// The session of the fake: transactions, faults, locks; and what changes rows.
#include "unit/fake_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace test {

using gc::Id;
using gc::Target;
using util::Error;
using util::ErrorKind;

namespace {

std::string detail_of(std::string_view table, const std::vector<Id>& ids) {
    return fmt::format("{} {}", table, fmt::join(ids, ","));
}

}  // namespace

void FakeStore::before(const std::string& method, int n, std::function<void()> action) {
    m_actions[{method, m_counts[method] + n}].push_back(std::move(action));
}

void FakeStore::fail(const std::string& method, int n, ErrorKind kind) {
    before(method, n, [this, method, kind] { raise(method, kind); });
}

void FakeStore::fail_while(const std::string& method, ErrorKind kind,
                           std::function<bool()> condition) {
    m_faults.emplace(method, LastingFault{.kind = kind, .condition = std::move(condition)});
}

void FakeStore::lose_commit(int n, bool carried_out) {
    m_lost_commits[m_counts["commit"] + n] = carried_out;
}

void FakeStore::elsewhere(const std::function<void(Tables&)>& change) {
    change(tables);
    if (m_saved) {
        change(*m_saved);
    }
}

int FakeStore::count_calls(const std::string& method) const {
    const auto found = m_counts.find(method);
    return found == m_counts.end() ? 0 : found->second;
}

void FakeStore::raise(const std::string& method, ErrorKind kind) {
    if (kind == ErrorKind::connection) {
        lose_session();
    }
    throw Error(kind, fmt::format("{} failed on purpose", method));
}

void FakeStore::lose_session() noexcept {
    rollback();
    m_connected = false;
}

void FakeStore::enter(const std::string& method, const std::string& detail) {
    calls.push_back(detail.empty() ? method : method + " " + detail);
    const int n = ++m_counts[method];
    if (cost) {
        cost(method);
    }
    if (!m_connected && method != "reconnect") {
        throw Error(ErrorKind::connection, fmt::format("{}: the session is lost", method));
    }
    if (const auto actions = m_actions.find({method, n}); actions != m_actions.end()) {
        for (const auto& action : actions->second) {
            action();
        }
    }
    const auto [first, last] = m_faults.equal_range(method);
    for (auto fault = first; fault != last; ++fault) {
        if (fault->second.condition()) {
            raise(method, fault->second.kind);
        }
    }
}

void FakeStore::enter_transaction(const std::string& method, const std::string& detail) {
    if (m_connected && !m_saved) {
        throw std::logic_error(fmt::format("{} {} outside a transaction", method, detail));
    }
    enter(method, detail);
}

void FakeStore::refuse_locked(Target target, const std::vector<Id>& ids, const std::string& what) {
    for (const Id id : ids) {
        if (locked.contains({target, id})) {
            throw Error(ErrorKind::transient, fmt::format("{}: another session has locked {} {}",
                                                          what, gc::name(target), id));
        }
    }
}

void FakeStore::begin() {
    if (m_saved) {
        throw std::logic_error("a transaction began inside another");
    }
    enter("begin");
    m_saved = tables;
}

void FakeStore::commit() {
    enter_transaction("commit", "");
    const auto lost = m_lost_commits.find(m_counts["commit"]);
    if (lost != m_lost_commits.end()) {
        if (lost->second) {
            m_saved.reset();
        }
        raise("commit", ErrorKind::connection);
    }
    m_saved.reset();
}

void FakeStore::rollback() noexcept {
    if (m_saved) {
        tables = std::move(*m_saved);
        m_saved.reset();
    }
}

std::vector<gc::LockedRow> FakeStore::lock(Target target, const std::vector<Id>& ids) {
    enter_transaction("lock", detail_of(gc::name(target), ids));
    if (!skips_locked) {
        refuse_locked(target, ids, "lock");
    }
    std::vector<gc::LockedRow> rows;
    for (const Id id : ids) {
        if (tables.has(target, id) && !locked.contains({target, id})) {
            rows.push_back({.id = id, .parent_id = tables.rows[target][id].parent_id});
        }
    }
    return rows;
}

std::int64_t FakeStore::remove_satellites(const gc::Satellite& satellite,
                                          const std::vector<Id>& owners) {
    enter_transaction("remove_satellites", detail_of(satellite.table, owners));
    refuse_locked(gc::target_of(satellite.owner_table).value(), owners, "remove_satellites");
    std::int64_t removed = 0;
    for (const Id owner : owners) {
        const auto table = tables.satellites.find(std::string(satellite.table));
        if (table != tables.satellites.end()) {
            removed += static_cast<std::int64_t>(table->second.erase(owner));
        }
    }
    return removed;
}

std::int64_t FakeStore::drain_satellites(const gc::Satellite& satellite, Id owner,
                                         std::int64_t limit) {
    enter_transaction("drain_satellites", detail_of(satellite.table, {owner}));
    refuse_locked(gc::target_of(satellite.owner_table).value(), {owner}, "drain_satellites");
    auto& table = tables.satellites[std::string(satellite.table)];
    std::int64_t removed = 0;
    for (auto row = table.find(owner); row != table.end() && row->first == owner && removed < limit;
         ++removed) {
        row = table.erase(row);
    }
    return removed;
}

std::int64_t FakeStore::remove(Target target, const std::vector<Id>& ids,
                               const gc::Policy& policy) {
    enter_transaction("remove", detail_of(gc::name(target), ids));
    refuse_locked(target, ids, "remove");
    std::int64_t removed = 0;
    for (const Id id : ids) {
        if (tables.may_go(target, id, policy)) {
            tables.rows[target].erase(id);
            ++removed;
            for (const gc::Satellite& satellite : gc::satellites_of(target)) {
                if (cascades(satellite)) {
                    tables.satellites[std::string(satellite.table)].erase(id);
                }
            }
        }
    }
    return removed;
}

std::int64_t FakeStore::remove_ownerless(const gc::Satellite& satellite,
                                         const std::vector<Id>& owners) {
    enter_transaction("remove_ownerless", detail_of(satellite.table, owners));
    const Target target = gc::target_of(satellite.owner_table).value();
    refuse_locked(target, owners, "remove_ownerless");
    std::int64_t removed = 0;
    for (const Id owner : owners) {
        if (!tables.has(target, owner)) {
            removed += static_cast<std::int64_t>(
                tables.satellites[std::string(satellite.table)].erase(owner));
        }
    }
    return removed;
}

std::int64_t FakeStore::remove_keys(Target target, const std::vector<std::string>& keys,
                                    const gc::Policy& policy) {
    enter_transaction("remove_keys", fmt::format("{} {}", gc::name(target), fmt::join(keys, ",")));
    std::int64_t removed = 0;
    for (const std::string& key : keys) {
        if (locked_keys.contains(key)) {
            throw Error(ErrorKind::transient, "remove_keys: another session has locked a row");
        }
        const auto row = tables.keyed[target].find(key);
        if (row != tables.keyed[target].end() && row->second && *row->second <= policy.cutoff) {
            tables.keyed[target].erase(row);
            ++removed;
        }
    }
    return removed;
}

std::int64_t FakeStore::remove_key_satellites(Target target, const std::vector<std::string>& keys,
                                              const gc::Policy& policy) {
    enter_transaction("remove_key_satellites",
                      fmt::format("{} {}", gc::name(target), fmt::join(keys, ",")));
    std::int64_t removed = 0;
    for (const std::string& key : keys) {
        const auto row = tables.keyed[target].find(key);
        if (row != tables.keyed[target].end() && row->second && *row->second <= policy.cutoff) {
            removed += static_cast<std::int64_t>(tables.session_attributes.erase(key));
        }
    }
    return removed;
}

gc::LockHolder FakeStore::try_lock_run() {
    enter("try_lock_run");
    if (other_run) {
        return {.acquired = false, .holder = *other_run};
    }
    return {.acquired = true};
}

void FakeStore::reconnect() {
    enter("reconnect");
    m_connected = true;
}

}  // namespace test
