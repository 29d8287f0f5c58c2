// SPDX-License-Identifier: Apache-2.0
#include "support/workbench.hpp"

#include "support/runs.hpp"
#include "support/snapshot.hpp"

#include <map>

namespace test {

namespace {

bool gains_from_indexes(const Shape& shape) {
    return shape.name == "V62" || shape.name == "mitreid" ||
           (shape.name == "iam" && shape.backend.dialect == db::Dialect::postgresql);
}

using Workbenches = std::map<std::string, std::unique_ptr<Workbench>>;

// The drivers keep statics of their own, which have to be made before this one to outlive it.
Workbenches first_connected() {
    for (const Backend& backend : backends()) {
        Database(backend).connect();
    }
    return {};
}

}  // namespace

std::vector<Ground> grounds() {
    std::vector<Ground> all;
    for (const Shape& shape : shapes()) {
        all.push_back({.shape = shape});
        if (gains_from_indexes(shape)) {
            all.push_back({.shape = shape, .indexed = true});
        }
    }
    return all;
}

Workbench::Workbench(const Ground& ground) : m_ground(ground), m_database(ground.shape) {
    if (ground.indexed) {
        make_indexes(m_database);
    }
    m_connection = m_database.connect_patiently();
    m_catalog = std::make_unique<Catalog>(*m_connection);
    m_store = open_store(m_database);
    if (m_database.dialect() == db::Dialect::sqlite) {
        // Nothing has to outlive the machine here, and a test commits a thousand times.
        m_connection->execute("PRAGMA synchronous = OFF");
        m_store->connection().execute("PRAGMA synchronous = OFF");
    }
}

void Workbench::clear() {
    empty_tables(*m_connection, *m_catalog);
}

Workbench& clear_workbench(const Ground& ground) {
    static Workbenches all = first_connected();
    std::unique_ptr<Workbench>& workbench = all[ground.text()];
    if (!workbench) {
        workbench = std::make_unique<Workbench>(ground);
    } else {
        workbench->clear();
    }
    return *workbench;
}

void make_indexes(const Database& database) {
    const std::string file = database.dialect() == db::Dialect::postgresql
                                 ? "sql/admin/indexes.postgresql.sql"
                                 : "sql/admin/indexes.mysql.sql";
    const auto connection = database.connect_patiently();
    // Each by itself: PostgreSQL builds no index concurrently within a transaction.
    for (const std::string& statement : read_statements(source_dir() / file)) {
        connection->execute(statement);
    }
}

}  // namespace test
