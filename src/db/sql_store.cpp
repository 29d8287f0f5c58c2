// SPDX-License-Identifier: Apache-2.0
#include "db/sql_store.hpp"

#include "db/catalog.hpp"
#include "db/queries.hpp"
#include "db/target_queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <thread>

namespace db {

namespace {

// Tokens that the clock check looks at.
constexpr std::int64_t k_newest_tokens = 200;

// How long a server may take to end a session whose connection was closed.
constexpr std::chrono::milliseconds k_farewell{2000};

std::vector<gc::LockedRow> as_locked_rows(const Rows& rows) {
    std::vector<gc::LockedRow> result;
    result.reserve(rows.size());
    for (const Row& row : rows) {
        result.push_back(
            {.id = as_integer(row.at(0)), .parent_id = as_optional_integer(row.at(1))});
    }
    return result;
}

std::vector<gc::Id> as_ids(const Rows& rows) {
    std::vector<gc::Id> ids;
    ids.reserve(rows.size());
    for (const Row& row : rows) {
        ids.push_back(as_integer(row.at(0)));
    }
    return ids;
}

gc::Target as_target(const Cell& cell) {
    const auto target = gc::target_of(cell.value_or(""));
    if (!target) {
        throw util::Error(util::ErrorKind::software,
                          fmt::format("a statement names \"{}\" as a target; please report this",
                                      cell.value_or("")));
    }
    return *target;
}

const Statement& lock_statement(const Connection& connection) {
    return is_modern_mysql(connection) ? queries::row::lock_skipping : queries::row::lock;
}

std::string backquoted(std::string_view name) {
    std::string text = "`";
    for (const char c : name) {
        text += c == '`' ? "``" : std::string(1, c);
    }
    return text + "`";
}

std::string as_text(std::string_view view) {
    return std::string(view);
}

}  // namespace

SqlStore::SqlStore(std::unique_ptr<Connection> connection, Connector connector)
    : m_connection(std::move(connection)), m_connector(std::move(connector)) {}

void SqlStore::bind_arrays(std::string_view statement, Parts& parts, Parameters& parameters) {
    std::ranges::move(number_arrays(statement, parts, parameters.size()),
                      std::back_inserter(parameters));
}

Rows SqlStore::query(const Statement& statement, Parts parts, Parameters parameters) {
    const std::string_view text = statement.text(connection().dialect());
    bind_arrays(text, parts, parameters);
    return connection().query(filled(text, parts), std::span<const Value>(parameters));
}

std::int64_t SqlStore::execute(const Statement& statement, Parts parts, Parameters parameters) {
    const std::string_view text = statement.text(connection().dialect());
    bind_arrays(text, parts, parameters);
    return connection().execute(filled(text, parts), std::span<const Value>(parameters));
}

Part SqlStore::by_index(std::string_view table, std::string_view column) {
    if (connection().dialect() != Dialect::mysql) {
        return {"by_index", ""};
    }
    if (!m_index_names) {
        m_index_names.emplace();
        for (const LeadingIndex& index : read_leading_indexes(connection())) {
            m_index_names->insert_or_assign({index.table, index.column}, backquoted(index.name));
        }
    }
    const auto found = m_index_names->find({std::string(table), std::string(column)});
    return {"by_index",
            found == m_index_names->end() ? "" : fmt::format("FORCE INDEX ({})", found->second)};
}

SqlStore::Parts SqlStore::listed(const std::vector<gc::Id>& ids, bool indexed) {
    if (connection().dialect() != Dialect::postgresql) {
        return id_parts(ids, connection().likes_ranges());
    }
    Parts parts = array_parts(ids, indexed);
    std::ranges::move(run_parts(ids), std::back_inserter(parts));
    return parts;
}

SqlStore::Parts SqlStore::listed_for(gc::Target target, const std::vector<gc::Id>& ids) {
    const bool indexed = connection().dialect() != Dialect::postgresql ||
                         finds_these_by_index(queries_of(target), known_schema());
    return listed(ids, indexed);
}

SqlStore::Parts SqlStore::rows_of(gc::Target target, const std::vector<gc::Id>& ids) {
    Parts parts = listed(ids, true);
    parts.push_back({"table", as_text(gc::name(target))});
    parts.push_back({"parent", as_text(queries_of(target).parent)});
    return parts;
}

gc::DatabaseClock SqlStore::clock() {
    const Row row = query(queries::session::clock, {}).at(0);
    const gc::DatabaseClock clock{.now = util::parse_time(row.at(0).value_or("")),
                                  .unix_milliseconds = as_integer(row.at(1))};
    const auto wall = std::chrono::floor<std::chrono::milliseconds>(clock.now).time_since_epoch();
    m_wall_clock_minus_unix = wall.count() - clock.unix_milliseconds;
    return clock;
}

const gc::Schema& SqlStore::known_schema() {
    if (!m_schema) {
        m_schema = read_schema(connection());
    }
    return *m_schema;
}

std::vector<gc::LockedRow> SqlStore::lock(gc::Target target, const std::vector<gc::Id>& ids) {
    if (ids.empty()) {
        return {};
    }
    return as_locked_rows(query(lock_statement(connection()), rows_of(target, ids)));
}

std::vector<gc::LockedRow> SqlStore::read(gc::Target target, const std::vector<gc::Id>& ids) {
    if (ids.empty()) {
        return {};
    }
    return as_locked_rows(query(queries::row::read, rows_of(target, ids)));
}

std::vector<gc::Id> SqlStore::existing(gc::Target target, const std::vector<gc::Id>& ids) {
    if (ids.empty()) {
        return {};
    }
    return as_ids(query(queries::row::existing, rows_of(target, ids)));
}

std::vector<gc::Id> SqlStore::referenced(gc::Target target, const std::vector<gc::Id>& ids) {
    const Statement* const statement = queries_of(target).referenced;
    if (statement == nullptr || ids.empty()) {
        return {};
    }
    return as_ids(query(*statement, listed_for(target, ids)));
}

std::vector<gc::Reference> SqlStore::references(gc::Target target, const std::vector<gc::Id>& ids) {
    const Statement* const statement = queries_of(target).references;
    if (statement == nullptr || ids.empty()) {
        return {};
    }
    std::vector<gc::Reference> references;
    for (const Row& row : query(*statement, listed_for(target, ids))) {
        references.push_back({.referrer = as_target(row.at(0)),
                              .referrer_id = as_integer(row.at(1)),
                              .id = as_integer(row.at(2))});
    }
    return references;
}

std::int64_t SqlStore::remove(gc::Target target, const std::vector<gc::Id>& ids,
                              const gc::Policy& policy) {
    if (ids.empty()) {
        return 0;
    }
    if (policy.early) {
        return remove_early(target, ids, policy);
    }
    const TargetQueries& queries = queries_of(target);
    Parameters parameters;
    if (queries.expires) {
        parameters.push_back(cutoff_of(target, policy));
    }
    return execute(*queries.remove, listed_for(target, ids), parameters);
}

// The catalog's spelling, because MariaDB on Linux tells case apart.
std::string SqlStore::table_name(std::string_view table) {
    const gc::Table* const found = known_schema().find(table);
    return plain_name(found == nullptr ? table : std::string_view(found->name));
}

bool SqlStore::has_more_rows_than(std::string_view table, std::int64_t rows) {
    const Rows counted =
        query(queries::any_table::count_up_to, {{"table", table_name(table)}}, {rows + 1});
    return as_integer(counted.at(0).at(0)) > rows;
}

std::vector<gc::IssuedToken> SqlStore::newest_tokens() {
    std::vector<gc::IssuedToken> tokens;
    for (const Row& row : query(queries::access_token::newest, {}, {k_newest_tokens})) {
        if (const auto expiration = as_time(row.at(0))) {
            tokens.push_back(
                {.expiration = *expiration, .validity_seconds = as_integer(row.at(1))});
        }
    }
    return tokens;
}

void SqlStore::probe_removal(std::string_view table) {
    execute(queries::any_table::probe_removal, {{"table", table_name(table)}});
}

Connection& SqlStore::connection() {
    if (!m_connection) {
        throw util::Error(
            util::ErrorKind::connection,
            "the session with the database was lost and could not be opened again; see that "
            "the server is up, then run again");
    }
    return *m_connection;
}

void SqlStore::rollback() noexcept {
    if (m_connection) {
        m_connection->rollback();
    }
}

gc::LockHolder SqlStore::try_lock_run() {
    gc::LockHolder holder = m_run_lock.take(connection());
    const auto deadline = std::chrono::steady_clock::now() + k_farewell;
    while (!holder.acquired && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(k_farewell / 40);
        holder = m_run_lock.take(connection());
    }
    return holder;
}

void SqlStore::reconnect() {
    rollback();
    m_run_lock.release_file();
    m_connection.reset();  // first, so that the server can let go of its locks
    m_connection = m_connector();
}

}  // namespace db
