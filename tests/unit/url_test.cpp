// SPDX-License-Identifier: Apache-2.0
#include "util/url.hpp"

#include <doctest/doctest.h>

#include <string>

using util::has_password;
using util::without_password;

TEST_CASE("a password before the host is hidden") {
    CHECK(without_password("mysql://gc:hunter2@db:3306/iam") == "mysql://gc:***@db:3306/iam");
    CHECK(without_password("postgresql://:hunter2@db/iam") == "postgresql://:***@db/iam");
    CHECK(has_password("mysql://gc:hunter2@db:3306/iam"));
}

TEST_CASE("a password with characters that belong escaped is hidden whole") {
    for (const std::string password :
         {"a@b", "a/b", "a?b", "a#b", "a:b", "a/b@c", "a?b@c", "a/b?c", "a&password=b"}) {
        CAPTURE(password);
        const std::string shown = without_password("mysql://gc:" + password + "@db/iam");
        CHECK(shown.starts_with("mysql://gc:***@"));
        CHECK(shown.ends_with("@db/iam"));
        CHECK(shown.find('a', 8) == std::string("mysql://gc:***@db/").size() + 1);
    }
}

TEST_CASE("a password in a parameter is hidden, however its name is spelled") {
    CHECK(without_password(
              "postgresql://gc@db/iam?sslmode=require&password=hunter2&connect_timeout=1") ==
          "postgresql://gc@db/iam?sslmode=require&password=***&connect_timeout=1");
    CHECK(without_password("postgresql:///iam?PassWord=x") == "postgresql:///iam?PassWord=***");
    CHECK(without_password("postgresql:///iam?p%61ssword=x") == "postgresql:///iam?p%61ssword=***");
    CHECK(without_password("postgresql:///iam?sslpassword=x") ==
          "postgresql:///iam?sslpassword=***");
}

TEST_CASE("a URL without a password is shown as it is") {
    for (const std::string url :
         {"mysql://gc@localhost/iam?socket=/run/mysqld/mysqld.sock", "mysql://gc@db:3306/iam",
          "postgresql://gc@/iam?host=@abstract", "postgresql://[::1]:5432/iam",
          "postgresql:///iam?passfile=/a", "sqlite:///var/lib/a:b@c.db", "mysql://gc:@db/iam",
          "postgresql:///iam?password="}) {
        CAPTURE(url);
        CHECK(without_password(url) == url);
        CHECK_FALSE(has_password(url));
    }
}

TEST_CASE("a text that is no URL is hidden whole") {
    CHECK(without_password("host=db password=hunter2") == "***");
    CHECK(without_password("").empty());
}
