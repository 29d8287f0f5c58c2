// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/policy.hpp"

#include <bitset>
#include <cstddef>
#include <memory>
#include <unordered_map>

namespace gc {

// A set of ids in about one bit each where they lie close together, as ids from a counter do: 20
// million in 2.5 MB.
class IdSet {
public:
    void insert(Id id);
    bool contains(Id id) const;

private:
    static constexpr std::size_t k_block = 65'536;
    std::unordered_map<Id, std::unique_ptr<std::bitset<k_block>>> m_blocks{};
};

}  // namespace gc
