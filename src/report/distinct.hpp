// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace report {

// Counts distinct texts in bounded memory: exactly up to 256, then by a HyperLogLog of 2048
// registers (standard error 2.3 %), which keeps nothing of the texts.
class DistinctCount {
public:
    void add(std::string_view text);
    std::int64_t count() const;

private:
    void add_to_registers(std::uint64_t hash);

    std::set<std::uint64_t> m_hashes{};
    std::vector<std::uint8_t> m_registers{};  // empty as long as the count is exact
};

}  // namespace report
