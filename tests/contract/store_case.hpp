// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/sql_store.hpp"
#include "support/backend.hpp"
#include "support/catalog.hpp"
#include "support/iam_writer.hpp"
#include "support/snapshot.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// Moments around the cut-off of policy().
inline const util::TimePoint k_cutoff = util::parse_time("2026-05-01 12:00:00");
inline const util::TimePoint k_expired = k_cutoff - std::chrono::hours{1};
inline const util::TimePoint k_live = k_cutoff + std::chrono::hours{24};

inline gc::Policy policy(std::optional<gc::Id> safe_point = std::nullopt) {
    return {.now = k_cutoff + std::chrono::hours{1}, .cutoff = k_cutoff, .safe_point = safe_point};
}

// The database of a shape, made once: a schema is 70 tables, and there are eleven of them. The last
// one made is the first one dropped at the end, before the drivers' own objects go.
inline const Database& shared_database(const Shape& shape) {
    static std::vector<std::pair<std::string, std::unique_ptr<Database>>> databases;
    for (const auto& [name, database] : databases) {
        if (name == shape.text()) {
            return *database;
        }
    }
    databases.emplace_back(shape.text(), std::make_unique<Database>(shape));
    std::atexit([] { databases.pop_back(); });
    return *databases.back().second;
}

// A database with the schema of a shape and no rows, a session of the test's own that writes some,
// and a store.
class StoreCase {
public:
    explicit StoreCase(const Shape& shape, const db::SessionOptions& options = {})
        : database(shared_database(shape)),
          connection(database.connect()),
          catalog(*connection),
          iam(*connection, catalog),
          store(database.connect(options), [this, options] { return database.connect(options); }) {
        empty_tables(*database.connect_patiently(), catalog);
    }

    std::int64_t count(std::string_view table) const {
        return db::as_integer(
            connection->query("SELECT COUNT(*) FROM " + std::string(table)).at(0).at(0));
    }

    const Database& database;
    std::unique_ptr<db::Connection> connection;
    Catalog catalog;
    IamWriter iam;
    db::SqlStore store;
};

// Runs the check once for each shape.
template <typename Check>
void on_every_store(const Check& check) {
    for (const Shape& shape : shapes()) {
        SUBCASE(shape.text().c_str()) {
            StoreCase store_case(shape);
            check(store_case);
        }
    }
}

// Runs the check once for each backend, with the last of its shapes: for what does not depend on
// the schema.
template <typename Check>
void on_one_store_per_backend(const Check& check) {
    const std::vector<Shape> every = shapes();
    for (std::size_t i = 0; i < every.size(); ++i) {
        const bool last =
            i + 1 == every.size() || every[i + 1].backend.name != every[i].backend.name;
        if (last) {
            SUBCASE(every[i].text().c_str()) {
                StoreCase store_case(every[i]);
                check(store_case);
            }
        }
    }
}

// All candidates of a scan with pages of that size; fails when it does not end.
inline std::vector<gc::Candidate> scan_all(gc::Store& store, gc::Target target,
                                           const gc::Policy& policy, std::int64_t limit) {
    std::vector<gc::Candidate> all;
    gc::Cursor cursor;
    for (int page = 0; page < 1000; ++page) {
        const gc::ScanResult result = store.scan(target, cursor, policy, limit);
        CHECK(static_cast<std::int64_t>(result.candidates.size()) <= limit);
        all.insert(all.end(), result.candidates.begin(), result.candidates.end());
        if (result.done) {
            return all;
        }
        cursor = result.next;
    }
    FAIL("the scan does not end");
    return all;
}

inline std::vector<gc::Id> ids_of(const std::vector<gc::Candidate>& candidates) {
    std::vector<gc::Id> ids;
    for (const gc::Candidate& candidate : candidates) {
        ids.push_back(candidate.id);
    }
    return ids;
}

inline std::vector<gc::Id> ids_of(const std::vector<gc::LockedRow>& rows) {
    std::vector<gc::Id> ids;
    for (const gc::LockedRow& row : rows) {
        ids.push_back(row.id);
    }
    return ids;
}

inline std::vector<gc::Id> sorted(std::vector<gc::Id> ids) {
    std::ranges::sort(ids);
    return ids;
}

using Ids = std::vector<gc::Id>;

}  // namespace test
