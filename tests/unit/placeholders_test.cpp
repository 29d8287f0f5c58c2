// SPDX-License-Identifier: Apache-2.0
#include "db/placeholders.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace {

std::string numbered(const std::string& sql) {
    return db::number_placeholders(sql).text;
}

}  // namespace

TEST_CASE("placeholders are numbered in their order") {
    CHECK(numbered("a = ? AND b IN (?,?)") == "a = $1 AND b IN ($2,$3)");
    CHECK(numbered("?") == "$1");
    CHECK(numbered("") == "");
    CHECK(numbered("SELECT 1") == "SELECT 1");
}

TEST_CASE("placeholders are counted, those in text are not") {
    CHECK(db::number_placeholders("? '?' /* ? */ ?").count == 2);
    CHECK(db::number_placeholders("'?'").count == 0);
}

TEST_CASE("numbers go beyond one digit") {
    CHECK(numbered("??????????,?") == "$1$2$3$4$5$6$7$8$9$10,$11");
}

TEST_CASE("a question mark in quotes is text, doubled quotes included") {
    CHECK(numbered("'?' || ?") == "'?' || $1");
    CHECK(numbered("'it''s ?' || ?") == "'it''s ?' || $1");
    CHECK(numbered("'''?' || ?") == "'''?' || $1");
    CHECK(numbered("\"odd ? name\" = ?") == "\"odd ? name\" = $1");
    CHECK(numbered("'\"' || ? || '\"'") == "'\"' || $1 || '\"'");
}

TEST_CASE("a backslash before a quote is text too, as the standard has it") {
    CHECK(numbered("'\\' || ?") == "'\\' || $1");
}

TEST_CASE("a question mark in a comment is text") {
    CHECK(numbered("/* why? */ ?") == "/* why? */ $1");
    CHECK(numbered("? -- really?\n?") == "$1 -- really?\n$2");
    CHECK(numbered("-- ?") == "-- ?");
    CHECK(numbered("/* a /* nested? */ one? */ ?") == "/* a /* nested? */ one? */ $1");
    CHECK(numbered("/*/ ? */ ?") == "/*/ ? */ $1");
}

TEST_CASE("quotes in comments and comments in quotes do not mix") {
    CHECK(numbered("/* don't */ ?") == "/* don't */ $1");
    CHECK(numbered("-- don't\n?") == "-- don't\n$1");
    CHECK(numbered("'--' || ?") == "'--' || $1");
    CHECK(numbered("'/*' || ? || '*/'") == "'/*' || $1 || '*/'");
    CHECK(numbered("1 - ? / ? * ?") == "1 - $1 / $2 * $3");
}

TEST_CASE("text that does not end swallows the rest instead of running over") {
    CHECK(numbered("? 'open ?") == "$1 'open ?");
    CHECK(numbered("? /* open ?") == "$1 /* open ?");
    CHECK(numbered("? /* open *") == "$1 /* open *");
    CHECK(numbered("-") == "-");
}

TEST_CASE("integers and moments are written out, each in its place") {
    const std::vector<db::Value> values{std::int64_t{-7}, std::string("2026-05-01 00:00:00.5")};
    CHECK(db::written_out("a > ? AND b = '?' AND c <= ? /* ? */", values) ==
          "a > -7 AND b = '?' AND c <= '2026-05-01 00:00:00.5' /* ? */");
    CHECK(db::written_out("SELECT 1", {}) == "SELECT 1");
}

TEST_CASE("what could end a literal is not written out, nor is NULL") {
    const auto writes = [](const db::Value& value) {
        return db::written_out("?", std::span(&value, 1)).has_value();
    };
    CHECK(writes(std::string("12")));
    for (const char* const text : {"'", "\\", "a", "1;", "1\n", "\xbf"}) {
        CHECK_FALSE(writes(std::string(text)));
    }
    CHECK_FALSE(writes(std::monostate{}));
}

TEST_CASE("nothing is written out when there are more or fewer values than places") {
    const std::vector<db::Value> two{std::int64_t{1}, std::int64_t{2}};
    CHECK_FALSE(db::written_out("?", two).has_value());
    CHECK_FALSE(db::written_out("? ? ?", two).has_value());
    CHECK_FALSE(db::written_out("?", {}).has_value());
}

TEST_CASE("what is numbered already stays, and counts") {
    const db::Numbered statement =
        db::number_placeholders("a <= ? AND b = ANY ($3) AND c = ? AND $3");
    CHECK(statement.text == "a <= $1 AND b = ANY ($3) AND c = $2 AND $3");
    CHECK(statement.count == 3);
    CHECK(statement.names_arrays);
    CHECK_FALSE(db::number_placeholders("a = ? AND b = '$2'").names_arrays);
}
