// SPDX-License-Identifier: Apache-2.0
#include "gc/id_set.hpp"

namespace gc {

namespace {

constexpr int k_shift = 16;
constexpr Id k_mask = 0xffff;

}  // namespace

void IdSet::insert(Id id) {
    auto& block = m_blocks[id >> k_shift];
    if (!block) {
        block = std::make_unique<std::bitset<k_block>>();
    }
    block->set(static_cast<std::size_t>(id & k_mask));
}

bool IdSet::contains(Id id) const {
    const auto found = m_blocks.find(id >> k_shift);
    return found != m_blocks.end() && found->second->test(static_cast<std::size_t>(id & k_mask));
}

}  // namespace gc
