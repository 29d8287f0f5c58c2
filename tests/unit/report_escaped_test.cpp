// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using report::in_csv;
using report::in_html;
using report::in_label;
using report::json_in_html;

TEST_CASE("a client called like an element of HTML is text in a page") {
    CHECK(in_html("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;");
    CHECK(in_html("R&D") == "R&amp;D");
}

TEST_CASE("a name cannot leave the quotes of an attribute") {
    CHECK(in_html(R"(" onclick="x)") == "&quot; onclick=&quot;x");
    CHECK(in_html("' onclick='x") == "&#39; onclick=&#39;x");
}

TEST_CASE("direction marks, control characters and broken UTF-8 are visible in a page") {
    CHECK(in_html("a\u202eb\x1b[31m\xff") == R"(a\u202eb\x1b[31m\xff)");
    CHECK(in_html("Zürich 日本") == "Zürich 日本");
}

TEST_CASE("a plain field of CSV has no quotes") {
    CHECK(in_csv("grid monitor") == "grid monitor");
    CHECK(in_csv("").empty());
    CHECK(in_csv("O'Brien") == "O'Brien");
}

TEST_CASE("a field of CSV with a separator, quotes or outer blanks is quoted") {
    CHECK(in_csv("a,b") == R"("a,b")");
    CHECK(in_csv(R"(the "big" one)") == R"("the ""big"" one")");
    CHECK(in_csv(" a") == R"(" a")");
    CHECK(in_csv("a ") == R"("a ")");
}

TEST_CASE("a line break in a name does not break the line of CSV") {
    CHECK(in_csv("a\r\nb") == R"(a\x0d\x0ab)");
}

TEST_CASE("a name that looks like a formula is neutralised") {
    CHECK(in_csv("=1+1") == "'=1+1");
    CHECK(in_csv("+49 228 73") == "'+49 228 73");
    CHECK(in_csv("-1") == "'-1");
    CHECK(in_csv("@SUM(A1)") == "'@SUM(A1)");
    CHECK(in_csv("  =1") == "'  =1");
    CHECK(in_csv("＝1") == "'＝1");
    CHECK(in_csv(R"x(=LINK("a","b"))x") == R"x("'=LINK(""a"",""b"")")x");
    CHECK(in_csv("\t=1") == R"(\x09=1)");
    CHECK(in_csv("a=1") == "a=1");
}

TEST_CASE("a name cannot leave the quotes of a label") {
    CHECK(in_label(R"(a"} 1)") == R"(a\"} 1)");
    CHECK(in_label("a\nb") == R"(a\\x0ab)");
    CHECK(in_label(R"(C:\x)") == R"(C:\\x)");
}

TEST_CASE("no name ends the element that JSON is embedded in, and the document stays the same") {
    const nlohmann::json document = {{"</script>", "<!--<script>alert(1)</script>&amp;"}};
    const std::string text = json_in_html(document.dump());
    CHECK(text.find_first_of("<>&") == std::string::npos);
    CHECK(nlohmann::json::parse(text) == document);
}
