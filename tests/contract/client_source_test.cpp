// SPDX-License-Identifier: Apache-2.0
// The figures of the per-client report against plain SQL over the whole table.
#include "contract/store_case.hpp"
#include "db/sql_client_source.hpp"
#include "report/figures.hpp"
#include "support/population.hpp"

#include <fmt/format.h>

#include <algorithm>

using test::on_every_store;
using test::StoreCase;
using namespace std::chrono_literals;

namespace {

std::string quoted(util::TimePoint time) {
    return "'" + util::format_time(time) + "'";
}

// Counts rows of a client by plain SQL; what is behind WHERE may hold {id}.
std::int64_t count(StoreCase& c, const std::string& what, std::int64_t id) {
    return db::as_integer(
        c.connection
            ->query(fmt::format("SELECT {}", fmt::format(fmt::runtime(what), fmt::arg("id", id))))
            .at(0)
            .at(0));
}

void compare(StoreCase& c, const report::ClientFigures& client, util::TimePoint now) {
    const std::string moment = quoted(now);
    const auto access = [&](const std::string& condition) {
        return count(c, "COUNT(*) FROM access_token WHERE client_id = {id} AND " + condition,
                     *client.id);
    };
    CHECK(client.access.live == access("expiration > " + moment));
    CHECK(client.access.expired == access("expiration <= " + moment));
    CHECK(client.access.never_expiring + client.registration == access("expiration IS NULL"));
    CHECK(client.left == access("expiration <= " + quoted(now - 1h)));
    CHECK(client.registration ==
          access("expiration IS NULL AND id IN (SELECT owner_id FROM token_scope WHERE scope IN "
                 "('registration-token', 'resource-token'))"));
    CHECK(client.refresh.total() ==
          count(c, "COUNT(*) FROM refresh_token WHERE client_id = {id}", *client.id));
    CHECK(client.refresh.live ==
          count(c, "COUNT(*) FROM refresh_token WHERE client_id = {id} AND expiration > " + moment,
                *client.id));
    const std::string users =
        "SELECT u.name FROM {} t JOIN authentication_holder h ON h.id = t.auth_holder_id "
        "JOIN saved_user_auth u ON u.id = h.user_auth_id WHERE t.client_id = {{id}}";
    CHECK(client.users ==
          count(c,
                "COUNT(*) FROM (" + fmt::format(fmt::runtime(users), "access_token") + " UNION " +
                    fmt::format(fmt::runtime(users), "refresh_token") + ") s",
                *client.id));
    if (client.lifetime && client.first_issued) {
        std::int64_t week = 0;
        for (const report::IssueBucket& bucket : client.history) {
            week += bucket.issued;
        }
        const util::TimePoint first = client.history.empty() ? now : client.history.front().start;
        CHECK(week == access("expiration >= " + quoted(first + *client.lifetime) +
                             " AND expiration <= " + quoted(now + 5min + *client.lifetime)));
    }
}

report::FleetTally tally_of(StoreCase& c, const gc::Schema& schema, util::TimePoint now) {
    db::SqlClientSource source(*c.connection, schema);
    return report::read_fleet(source, {.policy = {.now = now, .cutoff = now - 1h}});
}

}  // namespace

TEST_CASE("the figures of every client are those of plain SQL over the whole tables") {
    on_every_store([](StoreCase& c) {
        const util::TimePoint now = test::database_now(*c.connection);
        test::populate(*c.connection, c.catalog,
                       {.seed = 4, .now = now, .clients = 6, .flows = 200, .past = 24h * 5});
        const gc::Schema schema = c.store.schema();
        const report::FleetTally tally = tally_of(c, schema, now);
        CHECK(tally.warnings.empty());
        const report::Fleet fleet = report::figures_of(tally, now);
        CHECK(fleet.totals.access.total() + fleet.totals.registration == c.count("access_token"));
        CHECK(fleet.totals.refresh.total() == c.count("refresh_token"));
        CHECK(fleet.totals.bytes > 0);
        CHECK(fleet.clients.size() > 5);
        for (const report::ClientFigures& client : fleet.clients) {
            if (client.id) {
                CAPTURE(client.client_id);
                compare(c, client, now);
                CHECK(client.active.has_value() ==
                      c.catalog.has_column("client_details", "active"));
            }
        }
    });
}

TEST_CASE("the minutes of the issue histogram are those of the session's clock") {
    test::on_one_store_per_backend([](StoreCase& c) {
        const test::Client client = c.iam.client({.validity_seconds = 3600});
        c.iam.use_client(client);
        const util::TimePoint now = util::parse_time("2026-05-01 12:00:30");
        c.iam.access_token({.expiration = util::parse_time("2026-05-01 12:59:59")});
        c.iam.access_token({.expiration = util::parse_time("2026-05-01 12:59:00")});
        c.iam.access_token({.expiration = util::parse_time("2026-05-01 09:30:00")});
        c.iam.flush();
        const gc::Schema schema = c.store.schema();
        const report::Fleet fleet = report::figures_of(tally_of(c, schema, now), now);
        const report::ClientFigures& figures = fleet.clients.at(0);
        CHECK(figures.rates.now == doctest::Approx(2.0 / 600));
        CHECK(figures.rates.peak == doctest::Approx(2.0 / 60));
        CHECK(figures.rates.peak_at == util::parse_time("2026-05-01 11:59:00"));
        CHECK(figures.first_issued == util::parse_time("2026-05-01 08:30:00"));
    });
}

TEST_CASE("who the client is comes from the tables this schema has") {
    on_every_store([](StoreCase& c) {
        const test::Client client = c.iam.client({.name = "R&D \xc3\xbc", .active = false});
        c.iam.use_client(client);
        c.iam.access_token({.expiration = test::k_live});
        c.iam.flush();
        for (const char* const grant : {"urn:x", "client_credentials"}) {
            c.connection->execute(
                "INSERT INTO client_grant_type (owner_id, grant_type) VALUES (?, ?)",
                {client.id, grant});
        }
        c.connection->execute("INSERT INTO client_contact (owner_id, contact) VALUES (?, ?)",
                              {client.id, "owner@example.org"});
        const bool has_last_used = c.catalog.has_table("client_last_used");
        if (has_last_used) {
            c.connection->execute(
                "INSERT INTO client_last_used (client_details_id, last_used) VALUES (?, ?)",
                {client.id, "2026-04-01"});
        }
        const gc::Schema schema = c.store.schema();
        const report::FleetTally tally = tally_of(c, schema, test::k_cutoff);
        const report::ClientTally& told = tally.clients.at(client.id);
        CHECK(told.client.name == "R&D \xc3\xbc");
        CHECK(std::ranges::count(told.grant_types, "urn:x") == 1);
        CHECK(std::ranges::is_sorted(told.grant_types));
        CHECK(told.contacts == std::vector<std::string>{"owner@example.org"});
        CHECK(told.last_used.has_value() == has_last_used);
        CHECK(told.client.active.value_or(false) == false);
    });
}
