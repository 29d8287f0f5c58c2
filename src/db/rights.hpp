// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "gc/schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace db {

// What a right of sql/admin/grants.*.sql is for; the file says so in lines "-- for: ".
enum class Purpose {
    run,          // tables that every database has
    run_or_none,  // a run, on tables that not every database has
    report,       // a report goes without
};

// One GRANT, or what is missing of it.
struct Right {
    Purpose purpose = Purpose::run;
    std::string table{};               // as the file spells it
    std::vector<std::string> reads{};  // columns of SELECT
    bool removes = false;              // DELETE
    std::string locks{};               // PostgreSQL: the column of UPDATE that FOR UPDATE asks for

    bool empty() const { return reads.empty() && !removes && locks.empty(); }
    // "SELECT (id, expiration), DELETE"
    std::string privileges() const;
};

// Pure: the rights of the account that runs, in the order of such a file. Those on the whole
// database and those of the read-only account are left out. Throws Error(software) on a GRANT that
// it does not understand.
std::vector<Right> parse_grants(std::string_view text);

// What the account lacks of the file for this server, by table; nothing where the server knows no
// rights. It tries each right without touching a row. Does not look at DELETE and UPDATE when
// `may_write` is false, as a read-only server refuses them for another reason.
std::vector<Right> missing_rights(Connection& connection, const gc::Schema& schema, bool may_write);

// True when the server, or this session, takes no writes.
bool is_read_only(Connection& connection);

// The statement that gives these rights to the account of the session; on MariaDB and MySQL `table`
// "*" is the whole database.
std::string grant_statement(Connection& connection, const std::string& privileges,
                            const std::string& table);

}  // namespace db
