// SPDX-License-Identifier: Apache-2.0
#include "db/connection.hpp"
#include "support/failure.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using db::Address;
using db::Dialect;
using db::parse_url;
using test::failure_of;
using util::ErrorKind;

TEST_CASE("a MySQL URL names account, host, port and database") {
    const Address address = parse_url("mysql://gc@db.example.org:3307/iam");
    CHECK(address.dialect == Dialect::mysql);
    CHECK(address.user == "gc");
    CHECK(address.host == "db.example.org");
    CHECK(address.port == 3307);
    CHECK(address.database == "iam");
    CHECK(address.password == "");
    CHECK(address.socket == "");
    CHECK(address.text() == "mysql://gc@db.example.org:3307/iam");
}

TEST_CASE("a MySQL URL may name a socket, and mariadb:// is the same") {
    const Address address = parse_url("mariadb://gc@localhost/iam?socket=/run/mysqld/mysqld.sock");
    CHECK(address.dialect == Dialect::mysql);
    CHECK(address.socket == "/run/mysqld/mysqld.sock");
    CHECK(address.port == 0);
    CHECK(address.text() == "mysql://gc@localhost/iam?socket=/run/mysqld/mysqld.sock");
    CHECK(parse_url("mysql:///?socket=/s").database == "");
}

TEST_CASE("a MySQL URL may list the nodes of a cluster, which are tried in that order") {
    const Address address = parse_url("mysql://gc:secret@one:4001,[::1]:4002,three/iam");
    CHECK(address.text() == "mysql://gc@one:4001,[::1]:4002,three/iam");
    CHECK_FALSE(address.is_local);
    const auto hosts = db::each_host(address);
    REQUIRE(hosts.size() == 3);
    CHECK(hosts[0].text() == "mysql://gc@one:4001/iam");
    CHECK(hosts[1].text() == "mysql://gc@[::1]:4002/iam");
    CHECK(hosts[2].text() == "mysql://gc@three/iam");
    CHECK(hosts[2].password == "secret");
    CHECK(db::each_host(parse_url("mysql://one/iam")).size() == 1);
    CHECK(parse_url("mysql://localhost:1,127.0.0.1:2/iam").is_local);
    for (const std::string url : {"mysql://one,/iam", "mysql://,two/iam", "mysql://one,two:x/iam",
                                  "mysql://one,two/iam?socket=/s"}) {
        CAPTURE(url);
        CHECK(failure_of([&] { parse_url(url); }).kind == ErrorKind::config);
    }
}

TEST_CASE("an IPv6 address stands in brackets") {
    const Address address = parse_url("mysql://gc@[fd00::1]:3307/iam");
    CHECK(address.host == "fd00::1");
    CHECK(address.port == 3307);
    CHECK(address.text() == "mysql://gc@[fd00::1]:3307/iam");
    CHECK(parse_url("mysql://gc@[::1]/iam").port == 0);
}

TEST_CASE("percent-encoding is undone in every part, and text() restores it") {
    const Address address = parse_url("mysql://g%40c:p%2Fw%3a@host/my%20db");
    CHECK(address.user == "g@c");
    CHECK(address.password == "p/w:");
    CHECK(address.database == "my db");
    CHECK(address.text() == "mysql://g%40c@host/my%20db");
    for (const std::string url : {"mysql://g%2Fc@host/iam", "mysql://g%2Fc@a,b%2Fc:3307/iam",
                                  "postgresql://g%2Fc@host/iam"}) {
        CHECK(parse_url(url).text() == url);
        CHECK(parse_url(parse_url(url).text()).user == "g/c");
    }
    CHECK(parse_url("sqlite:///var/my%20iam%3F.db").database == "/var/my iam?.db");
    CHECK(parse_url("sqlite:///var/my%20iam%3F.db").text() == "sqlite:///var/my%20iam%3F.db");
}

TEST_CASE("text() reads back as the same address") {
    for (const std::string url : {"mysql://a@h:1/d", "mysql://h/d", "mysql://a@[::1]/d",
                                  "mysql://a@h/d?socket=/s", "postgresql://a@h:1/d?sslmode=require",
                                  "postgresql:///d?host=/run", "sqlite:///a/b.db", "sqlite:b.db"}) {
        CAPTURE(url);
        CHECK(parse_url(url).text() == url);
        CHECK(parse_url(parse_url(url).text()).text() == url);
    }
}

TEST_CASE("a PostgreSQL URL is kept as libpq takes it, without its password") {
    const Address address =
        parse_url("postgres://gc:open-sesame@db1:5433,db2/iam?target_session_attrs=read-write");
    CHECK(address.dialect == Dialect::postgresql);
    CHECK(address.uri == "postgresql://gc@db1:5433,db2/iam?target_session_attrs=read-write");
    CHECK(address.text() == address.uri);
    CHECK(address.password == "open-sesame");
    CHECK(address.user == "gc");
    CHECK(address.host == "db1");
    CHECK(address.port == 5433);
    CHECK(address.database == "iam");
}

TEST_CASE("a PostgreSQL password in the query is taken out wherever it stands") {
    CHECK(parse_url("postgresql:///iam?password=s&user=gc").uri == "postgresql:///iam?user=gc");
    CHECK(parse_url("postgresql:///iam?user=gc&password=s").uri == "postgresql:///iam?user=gc");
    CHECK(parse_url("postgresql:///iam?password=s%26").password == "s&");
    const Address address = parse_url("postgresql:///?host=/run/postgresql&user=gc&dbname=iam");
    CHECK(address.host == "/run/postgresql");
    CHECK(address.user == "gc");
    CHECK(address.database == "iam");
}

TEST_CASE("an SQLite URL is an absolute path behind three slashes or a relative one behind none") {
    CHECK(parse_url("sqlite:///var/iam.db").database == "/var/iam.db");
    CHECK(parse_url("sqlite:/var/iam.db").text() == "sqlite:///var/iam.db");
    CHECK(parse_url("sqlite:iam.db").database == "iam.db");
    CHECK(parse_url("sqlite:./iam.db").database == "./iam.db");
}

TEST_CASE("a URL of another form is a configuration error that names the allowed forms") {
    for (const std::string url : {"",
                                  "iam.db",
                                  "/var/iam.db",
                                  "mysql",
                                  "mysql:gc@host/iam",
                                  "oracle://host/iam",
                                  "jdbc:mysql://host/iam",
                                  "mysql:///iam",
                                  "mysql://host:/iam?x",
                                  "mysql://host:0/iam",
                                  "mysql://host:65536/iam",
                                  "mysql://host:33o6/iam",
                                  "mysql://host:-1/iam",
                                  "mysql://[::1/iam",
                                  "mysql://[::1]x/iam",
                                  "mysql://host/iam?sockets=/s",
                                  "mysql://host/iam?socket",
                                  "mysql://host/iam%2",
                                  "mysql://host/iam%zz",
                                  "mysql://host/iam%00",
                                  "mysql://host/i am",
                                  "postgresql://host:x/iam",
                                  "postgresql://host/iam?sslmod=require",
                                  "postgresql:///iam?port=x",
                                  "postgresql:///iam?sslpassword=x",
                                  "sqlite://iam.db",
                                  "sqlite://",
                                  "sqlite:",
                                  "sqlite:///",
                                  "sqlite:///var/",
                                  "sqlite:///var/iam.db?mode=ro"}) {
        CAPTURE(url);
        const test::Failure failure = failure_of([&] { parse_url(url); });
        CHECK(failure.kind == ErrorKind::config);
        CHECK(failure.says("database.url: "));
        CHECK(failure.says("mysql://user@host:port/database"));
    }
}

TEST_CASE("a password with an unescaped delimiter is refused and not repeated") {
    for (const std::string scheme : {"mysql", "postgresql"}) {
        for (const std::string delimiter : {"/", "?", "#", "%", " ", "?a=", "?secret=", "&", ":"}) {
            const std::string url = scheme + "://gc:hunter" + delimiter + "hunter@host/iam";
            CAPTURE(url);
            const test::Failure failure = failure_of([&] { parse_url(url); });
            CHECK_FALSE(failure.says("hunter"));
            CHECK_FALSE(failure.says("secret"));
            if (!failure.kind) {
                CHECK(parse_url(url).text().find("hunter") == std::string::npos);
            }
        }
    }
    CHECK(parse_url("mysql://gc:hunter@2@host/iam").text() == "mysql://gc@host/iam");
}

TEST_CASE("integers are read whole or not at all") {
    CHECK(db::as_integer("42") == 42);
    CHECK(db::as_integer("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
    CHECK(db::as_optional_integer(std::nullopt) == std::nullopt);
    CHECK(db::as_optional_integer("7") == 7);
    for (const db::Cell& cell :
         {db::Cell(), db::Cell(""), db::Cell("4 2"), db::Cell("4.0"), db::Cell("t"),
          db::Cell("9223372036854775808"), db::Cell("secret")}) {
        const test::Failure failure = failure_of([&] { db::as_integer(cell); });
        CHECK(failure.kind == ErrorKind::data);
        CHECK_FALSE(failure.says("secret"));
    }
}
