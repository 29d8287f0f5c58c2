// SPDX-License-Identifier: Apache-2.0
#include "gc/removal_watch.hpp"

#include "util/error.hpp"

#include <algorithm>
#include <utility>

namespace gc {

void RowRange::add(Id id) {
    add(RowRange{.rows = 1, .first = id, .last = id});
}

void RowRange::add(const RowRange& other) {
    first = rows == 0 ? other.first : std::min(first, other.first);
    last = rows == 0 ? other.last : std::max(last, other.last);
    rows += other.rows;
}

ScanResult RemovalWatch::scan(Target target, const Cursor& after, const Policy& policy,
                              std::int64_t limit) {
    ScanResult result = inner().scan(target, after, policy, limit);
    auto& clients = m_clients[target];
    clients.clear();
    for (const Candidate& candidate : result.candidates) {
        if (candidate.client_id) {
            clients[candidate.id] = *candidate.client_id;
        }
    }
    return result;
}

TokenPage RemovalWatch::tokens_below(Target target, Id below, std::int64_t limit,
                                     const EarlyNeeds& needs) {
    TokenPage page = inner().tokens_below(target, below, limit, needs);
    auto& clients = m_clients[target];
    clients.clear();
    for (const TokenFacts& token : page.tokens) {
        if (token.client_id) {
            clients[token.id] = *token.client_id;
        }
    }
    return page;
}

std::int64_t RemovalWatch::remove(Target target, const std::vector<Id>& ids, const Policy& policy) {
    const std::int64_t removed = inner().remove(target, ids, policy);
    const auto& clients = m_clients[target];
    for (const Id id : ids) {
        m_pending.targets[target].add(id);
        if (const auto client = clients.find(id); client != clients.end()) {
            m_pending.clients[client->second][target].add(id);
        }
    }
    return removed;
}

void RemovalWatch::begin() {
    m_pending = {};
    m_doubt = false;
    inner().begin();
}

void RemovalWatch::commit() {
    try {
        inner().commit();
    } catch (const util::Error& error) {
        m_doubt = error.kind() == util::ErrorKind::connection;
        throw;
    }
    settle();
}

std::vector<Id> RemovalWatch::existing(Target target, const std::vector<Id>& ids) {
    std::vector<Id> found = inner().existing(target, ids);
    if (std::exchange(m_doubt, false) && found.empty()) {
        settle();
    }
    return found;
}

void RemovalWatch::settle() {
    const Footprint pending = std::exchange(m_pending, {});
    for (const auto& [target, range] : pending.targets) {
        m_done.targets[target].add(range);
    }
    for (const auto& [client, targets] : pending.clients) {
        for (const auto& [target, range] : targets) {
            m_done.clients[client][target].add(range);
        }
    }
}

}  // namespace gc
