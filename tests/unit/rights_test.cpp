// SPDX-License-Identifier: Apache-2.0
// The files of sql/admin as `check` reads them.
#include "db/rights.hpp"

#include "db/grants.hpp"
#include "support/failure.hpp"

#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

using test::failure_of;

namespace {

// The columns that an account may read, by table.
std::map<std::string, std::set<std::string>> reads_of(const std::string& text,
                                                      const std::string& account) {
    std::map<std::string, std::set<std::string>> reads;
    const std::regex grant("GRANT SELECT \\(([^)]*)\\)(?:, DELETE)?\\s+ON (\\S+) TO '?" + account +
                           "['@%]*;");
    for (std::sregex_iterator at(text.begin(), text.end(), grant), end; at != end; ++at) {
        const std::string columns = (*at)[1];
        const std::regex word("\\w+");
        for (std::sregex_iterator one(columns.begin(), columns.end(), word); one != end; ++one) {
            // PostgreSQL's place of a row, by which big owners are drained; nothing to read.
            if (one->str() != "ctid") {
                reads[(*at)[2]].insert(one->str());
            }
        }
    }
    return reads;
}

}  // namespace

TEST_CASE("a grants file is read by purpose, without the database and the second account") {
    const auto rights = db::parse_grants(
        "-- A word before.\n-- for: run\nGRANT SELECT (id, expiration), DELETE ON a TO x;\n"
        "GRANT UPDATE (id) ON a TO x;\nGRANT REFERENCES ON * TO x;\n\n"
        "-- for: run, tables of some\nGRANT SELECT (b)\n      ON c TO x;\n"
        "-- for: report, names\nGRANT SELECT (d) ON e TO x;\n-- for: reader\nGRANT SELECT (f) ON g "
        "TO y;\n");
    REQUIRE(rights.size() == 4);
    CHECK(rights[0].privileges() == "SELECT (id, expiration), DELETE");
    CHECK(rights[0].purpose == db::Purpose::run);
    CHECK(rights[1].privileges() == "UPDATE (id)");
    CHECK(rights[2].table == "c");
    CHECK(rights[2].purpose == db::Purpose::run_or_none);
    CHECK(rights[3].purpose == db::Purpose::report);
}

TEST_CASE("a GRANT that check does not understand is an error and not left out") {
    CHECK(failure_of([] {
              db::parse_grants("-- for: run\nGRANT ALL ON a TO x;\n");
          }).says("GRANT ALL ON a TO x;"));
}

TEST_CASE("the account that only reads may read what the other may, no more and no less") {
    for (const std::string& text : {std::string(grants::mysql), std::string(grants::postgresql)}) {
        const auto reads = reads_of(text, "iam_token_gc");
        CHECK(reads.size() == 32);
        CHECK(reads == reads_of(text, "iam_token_gc_reader"));
    }
}

TEST_CASE("the grants of both kinds of server are the same, but for locking and draining") {
    const auto mysql = db::parse_grants(grants::mysql);
    auto postgresql = db::parse_grants(grants::postgresql);
    CHECK(std::erase_if(postgresql, [](const db::Right& right) { return !right.locks.empty(); }) ==
          4);
    for (db::Right& right : postgresql) {
        std::erase(right.reads, "ctid");
    }
    REQUIRE(mysql.size() == postgresql.size());
    for (std::size_t i = 0; i < mysql.size(); ++i) {
        CHECK(mysql[i].table == postgresql[i].table);
        CHECK(mysql[i].privileges() == postgresql[i].privileges());
        CHECK(mysql[i].purpose == postgresql[i].purpose);
    }
}

TEST_CASE("no right is on a column that holds a secret") {
    const std::regex secret("value$|secret|code|ticket$|bytes|session_id", std::regex::icase);
    for (const db::Right& right : db::parse_grants(grants::postgresql)) {
        for (const std::string& column : right.reads) {
            CAPTURE(column);
            const bool is_secret = column != "hash_value" && std::regex_search(column, secret);
            CHECK_FALSE(is_secret);
        }
    }
}
