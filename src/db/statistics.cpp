// SPDX-License-Identifier: Apache-2.0
#include "db/statistics.hpp"

#include "db/explained.hpp"
#include "db/queries.hpp"
#include "db/statement_text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace db {

namespace {

constexpr std::string_view k_whole_table = "the whole table";

// MariaDB's EXPLAIN has ten columns; MySQL's has "partitions" before the type and "filtered" behind
// the rows.
struct MysqlColumns {
    std::size_t key = 0;
    std::size_t rows = 0;
};

MysqlColumns mysql_columns(const Row& row) {
    constexpr std::size_t mariadb_columns = 10;
    return row.size() > mariadb_columns ? MysqlColumns{.key = 6, .rows = 9}
                                        : MysqlColumns{.key = 5, .rows = 8};
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    const auto start = text.find(before);
    if (start == std::string_view::npos) {
        return {};
    }
    text.remove_prefix(start + before.size());
    return text.substr(0, text.find_first_of(after));
}

bool is_expiring(gc::Target target, const gc::Schema& schema) {
    return gc::expires(target) && schema.has_column(gc::name(target), "id") &&
           schema.has_column(gc::name(target), "expiration");
}

void explain(Connection& connection, gc::Target target, util::TimePoint cutoff,
             const gc::Schema& schema, gc::Desk& desk) {
    const std::string table = gc::table_of(target);
    const std::vector<Part> parts{{.name = "table", .text = plain_name(table)}};
    const Rows rows =
        connection.query(std::string(explain_words(connection.dialect())) +
                             filled(queries::statistics::expired.text(connection.dialect()), parts),
                         {Value(util::format_time(cutoff))});
    // Only access tokens are walked by expiration; everything else forward by primary key.
    desk.access[target] = target == gc::Target::access_token ? access_of(connection.dialect(), rows)
                                                             : "the primary key, from end to end";
    if (schema.has_index(table, "expiration") || connection.dialect() == Dialect::postgresql) {
        desk.expired[target] = expected_rows(connection.dialect(), rows);
    } else {
        const auto facts = desk.tables.find(table);
        desk.expired[target] = facts == desk.tables.end() ? 0 : facts->second.rows;
    }
}

}  // namespace

std::string access_of(Dialect dialect, const Rows& explained) {
    if (explained.empty()) {
        return std::string(k_whole_table);
    }
    if (dialect == Dialect::mysql) {
        const Row& row = explained.front();
        return row.at(mysql_columns(row).key).value_or(std::string(k_whole_table));
    }
    for (const Row& row : explained) {
        const std::string line = row.at(0).value_or("");
        for (const std::string_view words : {"using ", "Index Scan on "}) {
            const std::string_view index = between(line, words, " \n");
            if (!index.empty()) {
                return std::string(index);
            }
        }
    }
    return std::string(k_whole_table);
}

std::int64_t expected_rows(Dialect dialect, const Rows& explained) {
    if (explained.empty()) {
        return 0;
    }
    const Row& row = explained.front();
    if (dialect == Dialect::mysql) {
        return as_optional_integer(row.at(mysql_columns(row).rows)).value_or(0);
    }
    const std::string line = row.at(0).value_or("");
    const std::string_view number = between(line, " rows=", " ");
    std::int64_t rows = 0;
    std::from_chars(number.data(), number.data() + number.size(), rows);
    return rows;
}

gc::Desk read_desk(Connection& connection, const std::vector<gc::Target>& targets,
                   util::TimePoint cutoff, const gc::Schema& schema) {
    const Dialect dialect = connection.dialect();
    gc::Desk desk{.server = connection.server()};
    for (const Row& row : connection.query(queries::statistics::tables.text(dialect))) {
        desk.tables[gc::lower_name(row.at(0).value_or(""))] = {.rows = as_integer(row.at(1)),
                                                               .bytes = as_integer(row.at(2)),
                                                               .row_bytes = as_integer(row.at(3))};
    }
    desk.log = connection.query(queries::statistics::log.text(dialect)).at(0).at(0).value_or("");
    for (const gc::ForeignKey& key : schema.foreign_keys) {
        const auto target = gc::target_of(key.referenced_table);
        if (target && std::ranges::find(targets, *target) != targets.end() &&
            (key.delete_rule == "CASCADE" || key.delete_rule.starts_with("SET"))) {
            desk.followers.push_back(key);
        }
    }
    if (dialect == Dialect::sqlite) {
        return desk;
    }
    for (const gc::Target target : targets) {
        if (is_expiring(target, schema)) {
            explain(connection, target, cutoff, schema, desk);
        }
    }
    return desk;
}

}  // namespace db
