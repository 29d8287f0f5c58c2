// SPDX-License-Identifier: Apache-2.0
#include "db/rights.hpp"

#include "db/grants.hpp"
#include "db/queries.hpp"
#include "db/statement_text.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>

namespace db {

namespace {

enum class Answer { yes, no, absent };

const std::regex k_grant{R"(^GRANT (SELECT|DELETE|UPDATE)?(?: \(([^)]*)\))?(, DELETE)? ON (\S+) )"};

std::optional<Purpose> purpose_of(std::string_view words) {
    if (words == "run") {
        return Purpose::run;
    }
    if (words.starts_with("run,")) {
        return Purpose::run_or_none;
    }
    return words.starts_with("report") ? std::optional(Purpose::report) : std::nullopt;
}

std::vector<std::string> words_of(const std::string& list) {
    static const std::regex word{"[A-Za-z_0-9]+"};
    return {std::sregex_token_iterator(list.begin(), list.end(), word), {}};
}

Right right_of(const std::string& grant, Purpose purpose) {
    std::smatch found;
    if (!std::regex_search(grant, found, k_grant)) {
        throw util::Error(
            util::ErrorKind::software,
            fmt::format("sql/admin has a GRANT that check does not understand: {}", grant));
    }
    Right right{.purpose = purpose, .table = found[4]};
    if (found[1] == "SELECT") {
        right.reads = words_of(found[2]);
    }
    if (found[1] == "UPDATE") {
        right.locks = found[2];
    }
    right.removes = found[1] == "DELETE" || found[3].matched;
    return right;
}

class Probe {
public:
    Probe(Connection& connection, const gc::Schema& schema)
        : m_connection(connection), m_schema(schema) {}

    Right missing(const Right& wanted, bool may_write) {
        Right lacking{.purpose = wanted.purpose, .table = wanted.table};
        const bool known = m_schema.find(wanted.table) != nullptr;
        if (!known && wanted.purpose != Purpose::run) {
            return lacking;
        }
        lacking.reads = missing_columns(wanted);
        if (may_write && wanted.removes) {
            lacking.removes =
                ask(queries::any_table::probe_removal, wanted.table, "") == Answer::no;
        }
        // Locking asks for the right to read, too; who lacks both hears of that first.
        if (may_write && !wanted.locks.empty() && may_read(wanted.table, wanted.locks) &&
            ask(queries::rights::lock, wanted.table, "") == Answer::no) {
            lacking.locks = wanted.locks;
        }
        return lacking;
    }

private:
    bool may_read(const std::string& table, const std::string& columns) {
        return ask(queries::rights::read, table, columns) == Answer::yes;
    }

    std::vector<std::string> missing_columns(const Right& wanted) {
        std::vector<std::string> missing;
        if (wanted.reads.empty() ||
            may_read(wanted.table, fmt::format("{}", fmt::join(wanted.reads, ", ")))) {
            return missing;
        }
        for (const std::string& column : wanted.reads) {
            if (ask(queries::rights::read, wanted.table, column) == Answer::no) {
                missing.push_back(column);
            }
        }
        return missing;
    }

    Answer ask(const Statement& statement, const std::string& table, const std::string& columns) {
        const gc::Table* const known = m_schema.find(table);
        const std::vector<Part> parts{
            {.name = "table", .text = plain_name(known != nullptr ? known->name : table)},
            {.name = "columns", .text = columns}};
        const std::string sql = filled(statement.text(m_connection.dialect()), parts);
        try {
            if (&statement == &queries::any_table::probe_removal) {
                m_connection.execute(sql);
            } else {
                m_connection.query(sql);
            }
            return Answer::yes;
        } catch (const util::Error& error) {
            if (error.kind() == util::ErrorKind::permission) {
                return Answer::no;
            }
            if (error.kind() == util::ErrorKind::data) {
                return Answer::absent;  // this level has no such column
            }
            throw;
        }
    }

    Connection& m_connection;
    const gc::Schema& m_schema;
};

// Two GRANTs on one table are one.
void add(std::vector<Right>& rights, const Right& right) {
    const auto same = std::ranges::find_if(rights, [&](const Right& other) {
        return other.table == right.table && other.purpose == right.purpose;
    });
    if (right.empty()) {
        return;
    }
    if (same == rights.end()) {
        rights.push_back(right);
        return;
    }
    same->reads.insert(same->reads.end(), right.reads.begin(), right.reads.end());
    same->removes = same->removes || right.removes;
    same->locks = right.locks.empty() ? same->locks : right.locks;
}

}  // namespace

std::string Right::privileges() const {
    std::vector<std::string> words;
    if (!reads.empty()) {
        words.push_back(fmt::format("SELECT ({})", fmt::join(reads, ", ")));
    }
    if (removes) {
        words.emplace_back("DELETE");
    }
    if (!locks.empty()) {
        words.push_back(fmt::format("UPDATE ({})", locks));
    }
    return fmt::format("{}", fmt::join(words, ", "));
}

std::vector<Right> parse_grants(std::string_view text) {
    constexpr std::string_view marker = "-- for: ";
    std::vector<Right> rights;
    std::optional<Purpose> purpose;
    std::string grant;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.starts_with(marker)) {
            purpose = purpose_of(line.substr(marker.size()));
        }
        if (!purpose || line.starts_with("--") || line.empty()) {
            continue;
        }
        grant += (grant.empty() ? "" : " ") + std::string(line.substr(line.find_first_not_of(' ')));
        if (grant.ends_with(';')) {
            if (!grant.starts_with("GRANT REFERENCES")) {
                rights.push_back(right_of(grant, *purpose));
            }
            grant.clear();
        }
    }
    return rights;
}

std::vector<Right> missing_rights(Connection& connection, const gc::Schema& schema,
                                  bool may_write) {
    std::vector<Right> missing;
    if (connection.dialect() == Dialect::sqlite) {
        return missing;
    }
    Probe probe(connection, schema);
    for (const Right& right : parse_grants(
             connection.dialect() == Dialect::mysql ? grants::mysql : grants::postgresql)) {
        add(missing, probe.missing(right, may_write));
    }
    return missing;
}

bool is_read_only(Connection& connection) {
    if (connection.dialect() == Dialect::sqlite) {
        return false;
    }
    return as_integer(connection.query(queries::rights::read_only.text(connection.dialect()))
                          .at(0)
                          .at(0)) != 0;
}

std::string grant_statement(Connection& connection, const std::string& privileges,
                            const std::string& table) {
    const std::string account =
        connection.query(queries::rights::account.text(connection.dialect()))
            .at(0)
            .at(0)
            .value_or("");
    return fmt::format("GRANT {} ON {} TO {};", privileges, table, account);
}

}  // namespace db
