// SPDX-License-Identifier: Apache-2.0
// Rules for every statement of the program, and the filling of their parts.
#include "db/catalog.hpp"
#include "db/queries.hpp"
#include "db/statement_text.hpp"
#include "support/failure.hpp"

#include <doctest/doctest.h>

#include <array>
#include <regex>
#include <string>
#include <vector>

using test::failure_of;

namespace {

template <typename Check>
void on_every_statement(const Check& check) {
    for (const db::Statement* const statement : queries::all) {
        for (const db::Dialect dialect :
             {db::Dialect::mysql, db::Dialect::postgresql, db::Dialect::sqlite}) {
            const std::string text(statement->text(dialect));
            if (!text.empty()) {
                CAPTURE(text);
                check(*statement, text.substr(text.find("*/") + 2));
            }
        }
    }
}

bool has_word(const std::string& text, const std::string& word) {
    return std::regex_search(text, std::regex("\\b" + word + "\\b", std::regex::icase));
}

}  // namespace

TEST_CASE("no statement names a column that holds a secret") {
    on_every_statement([](const db::Statement&, const std::string& text) {
        for (const char* const word :
             {"token_value", "client_secret", "user_code", "code", "ticket", "session_id",
              "attribute_bytes", "subject_token"}) {
            CAPTURE(word);
            CHECK_FALSE(has_word(text, word));
        }
        CHECK_FALSE(std::regex_search(
            text, std::regex("device_code\\.device_code|d\\.device_code|SELECT device_code")));
    });
}

TEST_CASE("no statement reads all columns, skips rows by number or asks the time but the clock") {
    on_every_statement([](const db::Statement& statement, const std::string& text) {
        CHECK(text.find("SELECT *") == std::string::npos);
        CHECK_FALSE(has_word(text, "OFFSET"));
        if (statement.name != "session.clock") {
            CHECK_FALSE(has_word(text, "NOW"));
            CHECK_FALSE(has_word(text, "CURRENT_TIMESTAMP"));
        }
    });
}

TEST_CASE("a statement that removes says which rows") {
    on_every_statement([](const db::Statement& statement, const std::string& text) {
        if (has_word(text, "DELETE")) {
            CHECK(has_word(text, "WHERE"));
            const bool bounded = text.find(" IN ({ids})") != std::string::npos ||
                                 text.find(" IN ({these})") != std::string::npos ||
                                 text.find(" IN ({keys})") != std::string::npos ||
                                 text.find(" BETWEEN r.first AND r.last") != std::string::npos ||
                                 statement.name == "satellite.drain" ||
                                 statement.name == "any_table.probe_removal" ||
                                 statement.name == "catalog.foreign_keys";
            CHECK(bounded);
        }
        CHECK_FALSE(has_word(text, "TRUNCATE"));
        CHECK_FALSE(has_word(text, "DROP"));
        // Only restore puts rows back.
        CHECK(has_word(text, "INSERT") == (statement.name == "archive.insert"));
    });
}

TEST_CASE("parts stand in place of their names, each as often as it is named") {
    const std::vector<db::Part> parts{{"table", "token_scope"}, {"ids", "1,2"}};
    CHECK(db::filled("DELETE FROM {table} WHERE x IN ({ids}) OR y IN ({ids})", parts) ==
          "DELETE FROM token_scope WHERE x IN (1,2) OR y IN (1,2)");
    CHECK(db::filled("SELECT 1", {}) == "SELECT 1");
    CHECK(failure_of([&] { db::filled("SELECT {other}", parts); }).kind ==
          util::ErrorKind::software);
}

TEST_CASE("ids are listed in ascending order, and a list of none is a bug") {
    CHECK(db::id_list({30, -1, 7}) == "-1,7,30");
    CHECK(failure_of([] { db::id_list({}); }).kind == util::ErrorKind::software);
    CHECK(db::placeholder_list(3) == "?,?,?");
    CHECK(db::placeholder_list(1) == "?");
}

TEST_CASE("consecutive ids become ranges that end in a row of theirs, and hold no other id") {
    const std::string statement = "DELETE FROM t WHERE x.id IN ({ids}) AND a";
    const auto text = [&](const std::vector<std::int64_t>& ids, bool with_ranges) {
        const std::vector<db::Part> parts = db::id_parts(ids, with_ranges);
        return db::filled(statement, parts);
    };
    CHECK(text({9, 5, 6, 7, 8, 4, 3, 20, 21, 22, 23, 24, 25}, true) ==
          "DELETE FROM t WHERE (x.id BETWEEN 3 AND 8 OR x.id BETWEEN 20 AND 24 OR x.id IN (9,25)) "
          "AND a");
    CHECK(text({-2, -1, 0, 1, 2, 3}, true) ==
          "DELETE FROM t WHERE (x.id BETWEEN -2 AND 2 OR x.id IN (3)) AND a");
    CHECK(text({3, 3, 4, 5, 6, 7, 8}, true) ==
          "DELETE FROM t WHERE (x.id BETWEEN 3 AND 7 OR x.id IN (8)) AND a");
    CHECK(text({1, 2, 3, 7, 8, 9}, true) == "DELETE FROM t WHERE x.id IN (1,2,3,7,8,9) AND a");
    CHECK(text({1, 2, 3, 4, 5, 6, 7}, false) ==
          "DELETE FROM t WHERE x.id IN (1,2,3,4,5,6,7) AND a");
}

TEST_CASE("many ranges are halved, so that a row is held against few of them") {
    std::vector<std::int64_t> ids;
    for (std::int64_t id = 0; id < 80; ++id) {
        if (id % 16 != 15) {
            ids.push_back(id);
        }
    }
    const std::vector<db::Part> parts = db::id_parts(ids, true);
    CHECK(db::filled("WHERE id IN ({ids})", parts) ==
          "WHERE (id < 32 AND (id BETWEEN 0 AND 13 OR id BETWEEN 16 AND 29) OR id >= 32 AND (id "
          "BETWEEN 32 AND 45 OR id BETWEEN 48 AND 61 OR id BETWEEN 64 AND 77) OR id IN "
          "(14,30,46,62,78))");
}

TEST_CASE("a range stands for a list only where the column is known") {
    const std::vector<db::Part> parts = db::id_parts({1, 2, 3, 4, 5, 6, 7, 8}, true);
    CHECK(failure_of([&] { db::filled("SELECT {ids}", parts); }).kind == util::ErrorKind::software);
}

TEST_CASE("the ids of an array are one parameter behind the others, however often they are named") {
    const std::string statement = "DELETE FROM t WHERE id IN ({ids}) AND d <= ? AND u IN ({these})";
    std::vector<db::Part> parts = db::array_parts({3, 1, 2}, false);
    CHECK(db::number_arrays(statement, parts, 1) == std::vector<std::string>{"{1,2,3}"});
    CHECK(db::filled(statement, parts) ==
          "DELETE FROM t WHERE id = ANY ($2) AND d <= ? AND u IN (SELECT unnest($2::bigint[]))");
    parts = db::array_parts({3, 1, 2}, true);
    CHECK(db::number_arrays(statement, parts, 1) == std::vector<std::string>{"{1,2,3}"});
    CHECK(db::filled(statement, parts) ==
          "DELETE FROM t WHERE id = ANY ($2) AND d <= ? AND u = ANY ($2)");
    CHECK(db::number_arrays("SELECT 1", parts, 0).empty());
}

TEST_CASE("runs of consecutive ids are two arrays, of the first and of the last ids") {
    std::vector<db::Part> parts = db::run_parts({7, 1, 2, 3, 9, 8, 20});
    CHECK(db::number_arrays("{first} {last}", parts, 0) ==
          std::vector<std::string>{"{1,7,20}", "{3,9,20}"});
    CHECK(db::filled("unnest({first}, {last})", parts) == "unnest($1, $2)");
}

TEST_CASE("a name with anything but letters, digits and underscores is refused") {
    CHECK(db::plain_name("SPRING_SESSION") == "SPRING_SESSION");
    for (const char* const name : {"", "a b", "a;b", "a`b", "a.b", "a\"b"}) {
        CHECK(failure_of([&] { db::plain_name(name); }).kind == util::ErrorKind::data);
    }
}

TEST_CASE("the level is the highest version, compared number by number") {
    CHECK(db::highest_level({"9", "108", "99", "10.1"}) == "V108");
    CHECK(db::highest_level({"123.1", "123"}) == "V123.1");
    CHECK(db::highest_level({"2", "1.10", "1.9"}) == "V2");
    CHECK(db::highest_level({}) == "no migration in schema_version");
}
