// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/record.hpp"
#include "gc/id_set.hpp"

#include <map>
#include <string>

namespace archive {

// Which rows belong to one client: its tokens, and what those point to. Rows must be shown in the
// order in which they were removed, so that a token comes before its holder.
class Selection {
public:
    // An empty client chooses everything.
    explicit Selection(std::string client) : m_client(std::move(client)) {}

    void look_at(const Json& row);
    bool contains(const Json& row) const;

private:
    void choose(const Json& row, const char* key, const std::string& table);

    std::string m_client;
    std::map<std::string, gc::IdSet> m_chosen{};
};

// The table that owns rows of this satellite table; empty for a table that is none.
std::string owner_table_of(const std::string& table);

}  // namespace archive
