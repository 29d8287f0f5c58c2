// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/bulk.hpp"
#include "sim/content.hpp"
#include "sim/seed_plan.hpp"

#include <cstdint>
#include <vector>

namespace sim {

// The next free id of each table, or how much garbage it gets.
struct TableIds {
    Id access_token = 0;
    Id refresh_token = 0;
    Id holder = 0;
    Id user_auth = 0;
    Id code = 0;
    Id device = 0;

    void advance(const IdCounts& counts) {
        access_token += counts.access_tokens;
        refresh_token += counts.refresh_tokens;
        holder += counts.holders;
        user_auth += counts.user_auths;
        code += counts.codes;
        device += counts.devices;
    }
};

// Turns events into rows, and keeps the ledger of those that have to stay.
class SeedRows {
public:
    // `clients` are the numeric ids by number; `now` decides what is garbage.
    SeedRows(const std::vector<Id>& clients, const SchemaTraits& traits, Seconds now)
        : m_clients(clients), m_traits(traits), m_now(now) {}

    // Appends the event's rows with ids from `ids` on.
    void add(Bulk& bulk, const Event& event, TableIds ids);

    const std::vector<Family>& ledger() const { return m_ledger; }
    // Rows that are garbage now: expired, or orphans once everything expired is gone.
    const TableIds& garbage() const { return m_garbage; }

private:
    HolderContent content_of(const Event& event) const;
    void add_codes(Bulk& bulk, const Event& event, const TableIds& ids);
    void add_tokens(Bulk& bulk, const Event& event, const TableIds& ids,
                    const HolderContent& content);
    void add_device(Bulk& bulk, const Event& event, const TableIds& ids, bool is_approved);
    Family add_holder(Bulk& bulk, const HolderContent& content, Id holder, Id user_auth) const;
    void keep_or_count(Family family);

    const std::vector<Id>& m_clients;
    SchemaTraits m_traits;
    Seconds m_now;
    std::vector<Family> m_ledger;
    TableIds m_garbage{};
};

}  // namespace sim
