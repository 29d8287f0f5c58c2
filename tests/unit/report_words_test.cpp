// SPDX-License-Identifier: Apache-2.0
#include "report/text.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

using report::grouped;
using report::TextTable;
using report::wrapped;
using test::width_of;

TEST_CASE("digits are grouped by threes from the right") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(1234567) == "1,234,567");
    CHECK(grouped(100000) == "100,000");
    CHECK(grouped(-1) == "-1");
    CHECK(grouped(-999) == "-999");
    CHECK(grouped(-1000) == "-1,000");
    CHECK(grouped(std::numeric_limits<std::int64_t>::max()) == "9,223,372,036,854,775,807");
    CHECK(grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}

TEST_CASE("text is broken at blanks, and each line is indented") {
    CHECK(wrapped("one two three", 2, 9) == "  one two\n  three\n");
    CHECK(wrapped("one two", 2, 9) == "  one two\n");
    CHECK(wrapped("", 2) == "  \n");
}

TEST_CASE("a word longer than a line stands alone and whole") {
    CHECK(wrapped("a toolongforthisline b", 0, 10) == "a\ntoolongforthisline\nb\n");
}

TEST_CASE("a list is broken at its separator only, which stays at the end of the line") {
    CHECK(wrapped("in_grace 1, locked 2, changed 3", 0, 21, ", ") ==
          "in_grace 1, locked 2,\nchanged 3\n");
}

TEST_CASE("the width of a line counts characters, not bytes") {
    CHECK(wrapped("äöü äöü", 0, 7) == "äöü äöü\n");
}

TEST_CASE("a table has words to the left, numbers to the right, and no blanks at line ends") {
    TextTable table({"target", "rows", "kept"});
    table.add({"access_token", "7", "locked 1"});
    table.add({"a", "1,234", ""});
    CHECK(table.text({2}) ==
          "target         rows  kept\n"
          "access_token      7  locked 1\n"
          "a             1,234\n");
}

TEST_CASE("columns of a table are as wide as they look, not as their bytes") {
    TextTable table({"client", "rows"});
    table.add({"Universität Zürich", "1"});
    table.add({"Universitaet Zuerich", "1"});
    CHECK(table.text({}) ==
          "client                rows\n"
          "Universität Zürich       1\n"
          "Universitaet Zuerich     1\n");
}

TEST_CASE("a last column that is too long goes on below itself") {
    TextTable table({"target", "kept"});
    std::string list = "first 1";
    for (int i = 0; i < 12; ++i) {
        list += ", another_reason 1,234";
    }
    table.add({"access_token", list});
    const std::string text = table.text({1});
    CHECK(width_of(text) <= 100);
    CHECK(text.find("\n              another_reason 1,234") != std::string::npos);
}

TEST_CASE("a line of the head has its label in front and goes on below the text") {
    CHECK(report::labelled("server", "MariaDB 10.11.6") == "  server    MariaDB 10.11.6\n");
    std::string words;
    for (int i = 0; i < 30; ++i) {
        words += "words ";
    }
    const std::string text = report::labelled("database", words + "end");
    CHECK(text.starts_with("  database  words words"));
    CHECK(text.find("\n            words") != std::string::npos);
    CHECK(width_of(text) <= 100);
}
