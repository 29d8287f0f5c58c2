// SPDX-License-Identifier: Apache-2.0
#include "db/error.hpp"

#include <doctest/doctest.h>

#include <string>

using util::ErrorKind;

TEST_CASE("MySQL's error numbers say what a caller can do") {
    for (const int number : {1927, 2002, 2003, 2006, 2013, 2055, 4031, 1053, 1152}) {
        CHECK(db::mysql_error_kind(number) == ErrorKind::connection);
    }
    for (const int number : {1044, 1045, 1142, 1143, 1227, 1370, 1290, 1792, 1836}) {
        CHECK(db::mysql_error_kind(number) == ErrorKind::permission);
    }
    for (const int number : {1047, 1180, 1205, 1213, 1317, 1969, 3024, 3058, 3572}) {
        CHECK(db::mysql_error_kind(number) == ErrorKind::transient);
    }
    for (const int number : {1049, 1054, 1146}) {
        CHECK(db::mysql_error_kind(number) == ErrorKind::data);
    }
    for (const int number : {0, 1062, 1064, 1451, 1452, 2014}) {
        CHECK(db::mysql_error_kind(number) == ErrorKind::software);
    }
}

TEST_CASE("PostgreSQL's SQLSTATEs say what a caller can do") {
    for (const std::string state : {"08000", "08006", "57P01", "57P02", "57P03", "53300"}) {
        CHECK(db::postgresql_error_kind(state) == ErrorKind::connection);
    }
    for (const std::string state : {"42501", "25006", "28P01"}) {
        CHECK(db::postgresql_error_kind(state) == ErrorKind::permission);
    }
    for (const std::string state : {"40001", "40P01", "55P03", "57014", "53100"}) {
        CHECK(db::postgresql_error_kind(state) == ErrorKind::transient);
    }
    for (const std::string state : {"42P01", "42703"}) {
        CHECK(db::postgresql_error_kind(state) == ErrorKind::data);
    }
    for (const std::string state : {"", "42601", "23503", "22P02"}) {
        CHECK(db::postgresql_error_kind(state) == ErrorKind::software);
    }
}

TEST_CASE("a statement is named by the comment at its head, else by its first word") {
    CHECK(db::statement_tag("/* iam-token-gc access_token.remove */ DELETE") ==
          "iam-token-gc access_token.remove");
    CHECK(db::statement_tag("\n  /*tag*/") == "tag");
    CHECK(db::statement_tag("SELECT 'secret'") == "SELECT");
    CHECK(db::statement_tag("COMMIT") == "COMMIT");
    CHECK(db::statement_tag("/* open") == "statement");
    CHECK(db::statement_tag("") == "empty statement");
}

TEST_CASE("a failure shows the first line of what the server said and no password") {
    const db::Address address = db::parse_url("mysql://gc:open-sesame@host/iam");
    const util::Error error =
        db::statement_error(ErrorKind::transient, address, "/* tag */ DELETE",
                            "denied for open-sesame\nLINE 1: DELETE FROM t WHERE id = 8472");
    CHECK(std::string(error.what()) == "tag failed on mysql://gc@host/iam: denied for ***");
    CHECK(error.kind() == ErrorKind::transient);
}

TEST_CASE("a failure to connect shows all lines as one") {
    const db::Address address = db::parse_url("mysql://gc@host/iam");
    const std::string message =
        db::connect_error(ErrorKind::software, address, "first \n\tsecond\n").what();
    CHECK(message == "cannot open a session with mysql://gc@host/iam: first second");
}
