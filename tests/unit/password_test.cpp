// SPDX-License-Identifier: Apache-2.0
#include "config/password.hpp"
#include "support/settings.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <string>

using config::option_file_password;
using test::TemporaryFile;

namespace {

std::string failure(const std::string& path) {
    try {
        config::read_password_file(path);
        return {};
    } catch (const util::Error& error) {
        CHECK(error.kind() == util::ErrorKind::config);
        return error.what();
    }
}

std::string failure_of(const std::string& text, mode_t mode) {
    const TemporaryFile file(text);
    REQUIRE(chmod(file.path().c_str(), mode) == 0);
    return failure(file.path());
}

}  // namespace

TEST_CASE("a password file holds one line, with or without an end of line") {
    for (const std::string ending : {"", "\n", "\r\n"}) {
        const TemporaryFile file(" open sesame#" + ending);
        REQUIRE(chmod(file.path().c_str(), 0640) == 0);
        CHECK(config::read_password_file(file.path()) == " open sesame#");
    }
}

TEST_CASE("a password file that others may read or change is refused, and says what to do") {
    CHECK(failure_of("secret\n", 0644).find("chmod o=") != std::string::npos);
    CHECK(failure_of("secret\n", 0602).find("chmod o=") != std::string::npos);
    CHECK(failure_of("secret\n", 0644).find("secret") == std::string::npos);
    CHECK(failure_of("secret\n", 0660).empty());
}

TEST_CASE("a password file that is empty, has more than a line or is not there is refused") {
    CHECK(failure_of("", 0600).find("one line") != std::string::npos);
    CHECK(failure_of("\n", 0600).find("one line") != std::string::npos);
    CHECK(failure_of("a\nb\n", 0600).find("one line") != std::string::npos);
    CHECK(failure_of(std::string("a\0b", 3), 0600).find("one line") != std::string::npos);
    CHECK(failure("/none/such").find("does not exist") != std::string::npos);
}

TEST_CASE(
    "an option file gives the password of its section client, the last one if there are two") {
    CHECK(option_file_password("[client]\nuser=a\npassword=b\n") == "b");
    CHECK(option_file_password("[client]\n password = b c \n[client-mariadb]\npassword='d'") ==
          "d");
    CHECK(option_file_password("[mysqldump]\npassword=b\n") == std::nullopt);
    CHECK(option_file_password("password=b\n[client]\n#password=c\nuser=x") == std::nullopt);
    CHECK(option_file_password("") == std::nullopt);
}

TEST_CASE("quotes, comments and escapes of an option file are undone") {
    CHECK(option_file_password("[client]\npassword=\"a#b c\"\n") == "a#b c");
    CHECK(option_file_password("[client]\npassword='a\\\\b\\s'\n") == "a\\b ");
    CHECK(option_file_password("[client]\npassword=a#b # a comment\n") == "a#b");
    CHECK(option_file_password("[client]\npassword=a\\qb\n") == "a\\qb");
}

TEST_CASE("a password in two places is refused, because which one counts is not clear") {
    config::DatabaseSettings settings;
    settings.password = "x";
    CHECK(config::password_of(settings) == "x");
    settings.password_file = "/none/such";
    CHECK_THROWS_AS(config::password_of(settings), util::Error);
}
