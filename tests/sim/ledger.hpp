// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/family.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace sim {

// What the simulated server was promised, by subject. Whoever works on a family takes it out, so
// that no two requests change one family at a time, and puts back what is promised afterwards.
// Usable from several threads.
class Ledger {
public:
    // The family of a subject, out of the ledger; nothing when it does not exist or somebody has
    // it.
    std::optional<Family> take(std::uint64_t subject) {
        const std::lock_guard lock(m_mutex);
        auto node = m_families.extract(subject);
        if (node.empty()) {
            return std::nullopt;
        }
        return std::move(node.mapped());
    }

    // A family of which nothing is left is forgotten.
    void put(std::uint64_t subject, Family family) {
        if (is_gone(family)) {
            return;
        }
        const std::lock_guard lock(m_mutex);
        m_families.insert_or_assign(subject, std::move(family));
    }

    // All families in the order of their subjects, without the rows that expired by `moment`.
    std::vector<Family> promised(Seconds moment) const {
        const std::lock_guard lock(m_mutex);
        std::vector<Family> families;
        for (const auto& [subject, family] : m_families) {
            Family rest = still_promised(family, moment);
            if (!is_gone(rest)) {
                families.push_back(std::move(rest));
            }
        }
        return families;
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::uint64_t, Family> m_families;
};

}  // namespace sim
