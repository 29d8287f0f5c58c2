// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "db/error.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace test {

// A session that remembers how many rows its largest transaction changed, and which statements it
// was given.
class CountingConnection final : public db::Connection {
public:
    explicit CountingConnection(std::unique_ptr<db::Connection> inner)
        : m_inner(std::move(inner)) {}

    std::int64_t largest_transaction() const { return m_largest; }

    // True when a statement of that file of sql/queries was among them.
    bool asked(std::string_view file) const {
        const std::string start = "iam-token-gc " + std::string(file) + ".";
        return std::ranges::any_of(m_tags,
                                   [&](const std::string& tag) { return tag.starts_with(start); });
    }

    db::Rows query(std::string_view sql, std::span<const db::Value> parameters) override {
        m_tags.emplace(db::statement_tag(sql));
        return m_inner->query(sql, parameters);
    }
    std::int64_t execute(std::string_view sql, std::span<const db::Value> parameters) override {
        m_tags.emplace(db::statement_tag(sql));
        const std::int64_t rows = m_inner->execute(sql, parameters);
        m_rows += rows;
        return rows;
    }
    void begin() override {
        m_rows = 0;
        m_inner->begin();
    }
    void commit() override {
        m_inner->commit();
        m_largest = std::max(m_largest, m_rows);
    }
    void rollback() noexcept override { m_inner->rollback(); }
    db::Dialect dialect() const noexcept override { return m_inner->dialect(); }
    std::string server() const override { return m_inner->server(); }
    bool is_mariadb() const noexcept override { return m_inner->is_mariadb(); }
    bool likes_ranges() const noexcept override { return m_inner->likes_ranges(); }
    std::int64_t statements() const noexcept override { return m_inner->statements(); }

private:
    std::unique_ptr<db::Connection> m_inner;
    std::int64_t m_rows = 0;
    std::int64_t m_largest = 0;
    std::set<std::string> m_tags{};
};

}  // namespace test
