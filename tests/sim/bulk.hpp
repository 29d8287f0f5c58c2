// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/session.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sim {

// In an order in which parents come before what refers to them.
enum class BulkTable {
    saved_user_auth,
    saved_user_auth_authority,
    saved_user_auth_info,
    holder,
    holder_authority,
    holder_extension,
    holder_parameter,
    holder_response_type,
    holder_scope,
    refresh_token,
    access_token,
    token_scope,
    authorization_code,
    device_code,
    device_code_scope,
    device_code_parameter,
};

inline constexpr std::size_t k_bulk_tables = 16;

// Rows waiting to be inserted, by table, as the text of INSERTs with a thousand rows each.
class Bulk {
public:
    explicit Bulk(const SchemaTraits& traits) : m_traits(traits) {}

    // Where to append "(…)": the row's values in the order of columns().
    std::string& row(BulkTable table);

    // Inserts all rows in one transaction, parents first, and forgets them; a deadlock with another
    // connection's rows is tried again.
    void send(Session& session);

    // Rows sent so far, by table.
    const std::array<std::int64_t, k_bulk_tables>& counts() const { return m_counts; }

    static std::string table_name(BulkTable table);

private:
    struct Pending {
        std::vector<std::string> statements{};
        std::size_t rows = 0;
    };

    std::string columns(BulkTable table) const;
    void insert_pending(Session& session) const;

    SchemaTraits m_traits;
    std::array<Pending, k_bulk_tables> m_pending{};
    std::array<std::int64_t, k_bulk_tables> m_counts{};
};

}  // namespace sim
