// SPDX-License-Identifier: Apache-2.0
#include "db/explained.hpp"

#include "db/early_statements.hpp"
#include "db/queries.hpp"
#include "db/statement_text.hpp"
#include "db/target_queries.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace db {

namespace {

bool has_ids(gc::Target target) {
    return target != gc::Target::satellite && target != gc::Target::iam_revoked_at &&
           target != gc::Target::spring_session;
}

// A hint for one statement cannot stand behind EXPLAIN.
std::string without_hint(std::string sql) {
    const std::size_t at = sql.find("/*M!");
    if (at != std::string::npos) {
        sql.erase(at, sql.find("*/", at) + 2 - at);
    }
    return sql;
}

}  // namespace

std::string_view explain_words(Dialect dialect) {
    switch (dialect) {
    case Dialect::mysql:
        return "EXPLAIN FORMAT=TRADITIONAL ";
    case Dialect::sqlite:
        return "EXPLAIN QUERY PLAN ";
    case Dialect::postgresql:
        break;
    }
    return "EXPLAIN ";
}

namespace {

// The parts that name ids as a run sends them, with literals instead of parameters.
std::vector<Part> as_sent(const std::vector<gc::Id>& ids, Dialect dialect, bool indexed) {
    if (dialect != Dialect::postgresql) {
        return id_parts(ids, false);
    }
    std::vector<Part> parts = array_parts(ids, indexed);
    std::ranges::move(run_parts(ids), std::back_inserter(parts));
    for (Part& part : parts) {
        part.text = part.as_rows ? fmt::format("SELECT unnest('{}'::bigint[])", part.array)
                                 : fmt::format("'{}'", part.array);
    }
    return parts;
}

Explained explained(Connection& connection, std::string sql, const std::vector<Value>& parameters) {
    Explained result{.sql = std::move(sql)};
    try {
        for (const Row& row : connection.query(
                 std::string(explain_words(connection.dialect())) + without_hint(result.sql),
                 std::span<const Value>(parameters))) {
            for (const Cell& cell : row) {
                result.text += cell.value_or("NULL") + " ";
            }
            result.text.back() = '\n';
        }
    } catch (const util::Error& error) {
        result.text = std::string("not explained: ") + error.what();
    }
    return result;
}

Explained explained(Connection& connection, const EarlyStatement& early) {
    return explained(connection, filled(early.statement->text(connection.dialect()), early.parts),
                     early.parameters);
}

}  // namespace

Explained explain_removal(Connection& connection, gc::Target target, const gc::Schema& schema) {
    if (!has_ids(target)) {
        return {};
    }
    const TargetQueries& queries = queries_of(target);
    const std::vector<Part> parts =
        as_sent({0}, connection.dialect(), finds_these_by_index(queries, schema));
    std::vector<Value> parameters;
    if (queries.expires) {
        parameters.emplace_back("2000-01-01 00:00:00");
    }
    return explained(connection, filled(queries.remove->text(connection.dialect()), parts),
                     parameters);
}

Explained explain_walk(Connection& connection, gc::Target target, const gc::EarlyPlan& plan) {
    constexpr std::int64_t rows = 1000;
    const auto top = plan.top.find(target);
    return explained(connection, {.statement = &queries::early::tokens,
                                  .parts = parts_of_tokens(target, plan.needs()),
                                  .parameters = {top == plan.top.end() ? 0 : top->second, rows}});
}

Explained explain_removal(Connection& connection, gc::Target target, gc::EarlyPolicy policy,
                          const gc::EarlyPlan& plan) {
    const gc::TokenFacts nobody{.expiration = plan.now, .client_id = 0};
    return explained(connection,
                     removal_of_chosen(connection.dialect(), target, {0},
                                       gc::condition_of(policy, plan, std::span(&nobody, 1))));
}

}  // namespace db
