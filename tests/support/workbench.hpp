// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/sql_store.hpp"
#include "support/backend.hpp"
#include "support/catalog.hpp"

#include <memory>
#include <string>
#include <vector>

namespace test {

// A shape, perhaps with the indexes of sql/admin that make every step possible.
struct Ground {
    Shape shape{};
    bool indexed = false;

    std::string text() const { return shape.text() + (indexed ? " with the indexes" : ""); }
};

// Every shape, and those without foreign keys or without the indexes behind them a second time with
// the indexes. Only the lowest level of shapes that differ in nothing else is taken twice.
std::vector<Ground> grounds();

// One database that many tests use one after the other, because making one takes a server a second.
class Workbench {
public:
    explicit Workbench(const Ground& ground);

    const Ground& ground() const { return m_ground; }
    const Database& database() const { return m_database; }
    // The tests' session; the store has another.
    db::Connection& connection() { return *m_connection; }
    const Catalog& catalog() const { return *m_catalog; }
    db::SqlStore& store() { return *m_store; }

    void clear();

private:
    Ground m_ground;
    Database m_database;
    std::unique_ptr<db::Connection> m_connection{};
    std::unique_ptr<Catalog> m_catalog{};
    std::unique_ptr<db::SqlStore> m_store{};
};

// The workbench of this ground, empty; it lives until the process ends.
Workbench& clear_workbench(const Ground& ground);

// Makes the indexes of sql/admin for this dialect.
void make_indexes(const Database& database);

}  // namespace test
