// SPDX-License-Identifier: Apache-2.0
#include "db/explained.hpp"

#include "db/statement_text.hpp"
#include "db/target_queries.hpp"
#include "util/error.hpp"

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

Explained explain_removal(Connection& connection, gc::Target target) {
    if (!has_ids(target)) {
        return {};
    }
    const TargetQueries& queries = queries_of(target);
    const std::vector<Part> parts{{"ids", id_list({0})}};
    Explained result{.sql = filled(queries.remove->text(connection.dialect()), parts)};
    std::vector<Value> parameters;
    if (queries.expires) {
        parameters.emplace_back("2000-01-01 00:00:00");
    }
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

}  // namespace db
