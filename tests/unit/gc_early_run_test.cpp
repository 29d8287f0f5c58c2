// SPDX-License-Identifier: Apache-2.0
// Runs with policies for tokens that have not expired, on the fake store.
#include "support/failure.hpp"
#include "unit/fake_run.hpp"

#include <doctest/doctest.h>

#include <string>

using gc::Target;
using namespace std::chrono_literals;

namespace {

// Ten live tokens of client 1 with a holder each, the last with a refresh token; a witness makes
// their holders old enough.
struct Flood : test::FakeRun {
    Flood() {
        store.clients[1] = {.client_id = "flood", .validity = 2h};
        add_witness(9000, 1000);
        for (gc::Id id = 1; id <= 10; ++id) {
            store.tables.add(Target::authentication_holder, id);
            store.tables.add(Target::access_token, id,
                             {.expiration = later(1h), .client_id = 1, .parent_id = id});
        }
        settings.safety.max_unexpired_rows = 100;
    }

    std::int64_t tokens() const { return store.tables.count(Target::access_token); }
    gc::PolicyTally policy(const std::string& name, Target target = Target::access_token) const {
        const auto tally = FakeRun::tally(target);
        const auto found = tally.early.find(name);
        return found == tally.early.end() ? gc::PolicyTally{} : found->second;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Flood, "a quota leaves the newest tokens, and the others go with their holders") {
    settings.early.quota.tokens = 3;
    run();
    CHECK(tokens() == 3);
    CHECK(store.tables.has(Target::access_token, 8));
    CHECK_FALSE(store.tables.has(Target::access_token, 7));
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 7));
    CHECK(store.tables.has(Target::authentication_holder, 8));
    CHECK(store.tables.ownerless_count() == 0);
    CHECK(policy("quota").removed == 7);
    CHECK(policy("quota").kept.at("within_quota") == 3);
}

TEST_CASE_FIXTURE(Flood, "a dry run with a quota says what the run does") {
    settings.early.quota.tokens = 3;
    settings.limits.batch_size = 4;
    dry_run();
    const gc::TargetTally dry = tally(Target::access_token);
    CHECK(tokens() == 11);
    report = {};
    run();
    const gc::TargetTally wet = tally(Target::access_token);
    CHECK(dry.removed == wet.removed);
    CHECK(dry.scanned == wet.scanned);
    CHECK(dry.satellites == wet.satellites);
    CHECK(dry.early.at("quota").removed == wet.early.at("quota").removed);
}

TEST_CASE_FIXTURE(Flood,
                  "a run refuses before it removes anything when the safety limit is lower") {
    settings.early.quota.tokens = 3;
    settings.safety.max_unexpired_rows = 6;
    const test::Failure failure = test::failure_of([&] { run(); });
    CHECK(failure.kind == util::ErrorKind::data);
    CHECK(failure.message ==
          "the policies choose 7 tokens that have not expired (quota 7), and "
          "safety.max_unexpired_rows and safety.max_unexpired_share allow 6, so nothing was "
          "removed; set safety.max_unexpired_rows to 7 or more if that is what you want");
    CHECK(tokens() == 11);
    CHECK(store.count_calls("begin") == 0);
}

TEST_CASE_FIXTURE(Flood, "a dry run is not refused, and tells what a run would be") {
    settings.early.quota.tokens = 3;
    settings.safety.max_unexpired_rows = 6;
    dry_run();
    CHECK(report.early.unexpired == 7);
    CHECK(report.early.allowed == 6);
    CHECK(policy("quota").removed == 7);
}

TEST_CASE_FIXTURE(Flood, "with every policy off a run asks the store for nothing new") {
    run();
    for (const char* const call : {"early_clients", "tokens_below", "describe_tokens"}) {
        CAPTURE(call);
        CHECK(store.count_calls(call) == 0);
    }
    CHECK(tokens() == 10);
}

TEST_CASE_FIXTURE(Flood, "a token that was extended after it was chosen stays with its scopes") {
    settings.early.quota.tokens = 3;
    store.before("begin", 2, [&] {
        store.elsewhere([&](test::Tables& tables) {
            tables.rows[Target::access_token][5].expiration = later(9h);
        });
    });
    run();
    CHECK(store.tables.has(Target::access_token, 5));
    CHECK(store.tables.satellite_count("token_scope", 5) == 1);
    CHECK(store.tables.has(Target::authentication_holder, 5));
    CHECK(policy("quota").removed == 6);
}

TEST_CASE_FIXTURE(Flood, "a purged client loses its refresh tokens once their access tokens went") {
    store.clients[2] = {.client_id = "portal", .validity = 2h};
    for (const gc::Id client : {1, 2}) {
        const gc::Id id = 20 + client;
        store.tables.add(Target::authentication_holder, id);
        store.tables.add(Target::refresh_token, id,
                         {.expiration = later(24h), .client_id = client, .parent_id = id});
        store.tables.add(Target::access_token, id,
                         {.expiration = later(1h),
                          .client_id = client,
                          .parent_id = id,
                          .refresh_token_id = id});
    }
    settings.early.purge_client = "flood";
    run();
    CHECK(tokens() == 1);
    CHECK(store.tables.count(Target::refresh_token) == 1);
    CHECK(store.tables.has(Target::refresh_token, 22));
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 21));
    CHECK(policy("purge_client", Target::refresh_token).removed == 1);
}

TEST_CASE_FIXTURE(Flood, "a purged client loses its codes with satellites and holders, no other") {
    store.clients[2] = {.client_id = "portal", .validity = 2h};
    for (const gc::Id client : {1, 2}) {
        const gc::Id id = 20 + client;
        store.tables.add(Target::authentication_holder, id);
        store.tables.add(Target::authentication_holder, id + 10);
        store.tables.add(Target::authorization_code, id,
                         {.expiration = later(5min), .client_id = client, .parent_id = id});
        store.tables.add(Target::device_code, id,
                         {.expiration = later(10min), .client_id = client, .parent_id = id + 10});
    }
    store.tables.rows[Target::device_code][22].parent_id = 21;  // shared with the code of client 1
    settings.early.purge_client = "flood";
    dry_run();
    const gc::Tally dry = report.tally;
    report = {};
    run();
    CHECK(store.tables.has(Target::authorization_code, 22));
    CHECK_FALSE(store.tables.has(Target::authorization_code, 21));
    CHECK(store.tables.has(Target::device_code, 22));
    CHECK_FALSE(store.tables.has(Target::device_code, 21));
    CHECK(store.tables.satellite_count("device_code_scope", 22) == 1);
    CHECK(store.tables.ownerless_count() == 0);
    CHECK(store.tables.has(Target::authentication_holder, 21));
    CHECK_FALSE(store.tables.has(Target::authentication_holder, 31));
    CHECK(policy("purge_client", Target::authorization_code).removed == 1);
    CHECK(dry.at(Target::device_code).removed == tally(Target::device_code).removed);
    CHECK(dry.at(Target::device_code).satellites == tally(Target::device_code).satellites);
}

TEST_CASE_FIXTURE(Flood, "a holder that another token shares stays when one token of it goes") {
    store.tables.rows[Target::access_token][1].parent_id = 10;
    settings.early.quota.tokens = 3;
    run();
    CHECK_FALSE(store.tables.has(Target::access_token, 1));
    CHECK(store.tables.has(Target::authentication_holder, 10));
}

TEST_CASE_FIXTURE(Flood, "a client to purge that does not exist is an error") {
    settings.early.purge_client = "flod";
    CHECK(test::failure_of([&] { run(); }).says("there is no client flod to purge"));
}

TEST_CASE_FIXTURE(Flood, "tokens issued after the plan are not looked at and do not count") {
    settings.early.quota.tokens = 3;
    const gc::Plan before = plan();
    for (gc::Id id = 9001; id <= 9005; ++id) {
        store.tables.add(Target::access_token, id, {.expiration = later(1h), .client_id = 1});
    }
    gc::collect(store, before, settings, environment(), report);
    CHECK(policy("quota").removed == 7);
    CHECK(tokens() == 3 + 5);
}
