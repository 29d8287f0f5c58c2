// SPDX-License-Identifier: Apache-2.0
#include "db/transport.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <string>

using db::parse_url;
using db::tls_mode;
using util::TlsMode;

namespace {

TlsMode by_default(const std::string& url) {
    return tls_mode(parse_url(url), TlsMode::automatic);
}

}  // namespace

TEST_CASE("unless told otherwise every server but a local one is verified") {
    for (const std::string url :
         {"mysql://gc@db.example.org/iam", "mysql://gc@10.0.0.1/iam",
          "mysql://gc@localhost.evil/iam", "mysql://gc@127.evil.org/iam",
          "postgresql://gc@db.example.org/iam", "postgresql://localhost,db2/iam",
          "postgresql://localhost/iam?hostaddr=10.0.0.1", "postgresql://localhost/iam?host=db2",
          "postgresql:///iam?service=iam", "postgresql:///iam"}) {
        CAPTURE(url);
        CHECK(by_default(url) == TlsMode::verify_full);
    }
}

TEST_CASE("a socket and loopback go without") {
    for (const std::string url :
         {"mysql://gc@localhost/iam", "mysql://gc@127.0.0.1:3307/iam", "mysql://gc@[::1]/iam",
          "mysql://gc@db/iam?socket=/run/s", "postgresql://127.0.0.1,[::1]:5433/iam",
          "postgresql:///iam?host=/run/postgresql", "sqlite:///var/iam.db"}) {
        CAPTURE(url);
        CHECK(by_default(url) == TlsMode::off);
    }
}

TEST_CASE("what is asked for counts, but for a socket, which nobody can listen to") {
    CHECK(tls_mode(parse_url("mysql://gc@localhost/iam"), TlsMode::verify_ca) ==
          TlsMode::verify_ca);
    CHECK(tls_mode(parse_url("mysql://gc@db.example.org/iam"), TlsMode::off) == TlsMode::off);
    CHECK(tls_mode(parse_url("mysql://gc@db/iam?socket=/run/s"), TlsMode::verify_full) ==
          TlsMode::off);
}

TEST_CASE("a file with authorities that cannot be read is refused by name") {
    CHECK_THROWS_WITH_AS(db::authorities({.ca = "/none/such.pem"}),
                         doctest::Contains("/none/such.pem"), util::Error);
}
