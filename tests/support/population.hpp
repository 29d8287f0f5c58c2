// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/catalog.hpp"
#include "support/iam_writer.hpp"
#include "util/time.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace test {

struct PopulationSettings {
    std::uint64_t seed = 1;
    util::TimePoint now{};  // the database's
    int clients = 8;
    int flows = 60;  // logins, tokens without user, device codes and so on
    std::chrono::hours past = std::chrono::hours{24 * 40};  // how long ago the first one was
    int stray_percent = 20;                                 // flows that leave something odd behind
    int flood_tokens = 0;    // of one client that asks for them during two days
    bool edge_cases = true;  // those that do not hang on the second
    // No row expires within two minutes of now, now - grace or now - margin, so that what is
    // garbage does not change while a test runs.
    std::chrono::milliseconds grace = std::chrono::hours{1};
    std::chrono::milliseconds margin = std::chrono::minutes{10};
};

// Fills a database with random rows that the server could have made (iam-database.md 5.2 and 7):
// the same settings give the same rows. Ids grow with the time of issue. Where no foreign key
// forbids it there are dangling ids and satellites without owner.
class Population {
public:
    // All three must outlive it.
    Population(IamWriter& writer, const PopulationSettings& settings);

    // Writes everything and returns the number of access tokens it made, edge cases not counted.
    std::int64_t write();

private:
    using Seconds = std::chrono::seconds;

    struct Event {
        util::TimePoint at{};
        std::function<void()> happen{};
    };

    std::int64_t below(std::int64_t bound);
    bool chance(int percent) { return below(100) < percent; }
    util::TimePoint quiet(util::TimePoint time) const;
    util::TimePoint random_moment();
    std::optional<util::TimePoint> expiration_of(const Client& client, util::TimePoint issued);
    Scopes random_scopes(int most);
    gc::Id random_user_auth();
    gc::Id random_holder(std::optional<gc::Id> user_auth, const Scopes& scopes);
    gc::Id any_holder();
    gc::Id random_token(util::TimePoint at, gc::Id holder, std::optional<gc::Id> refresh_token,
                        const Scopes& scopes);

    void make_clients();
    void plan(util::TimePoint at);
    void client_credentials(util::TimePoint at);
    void code_login(util::TimePoint at);
    void device_flow(util::TimePoint at);
    void token_exchange(util::TimePoint at);
    void registration(util::TimePoint at);
    void refresh_family(util::TimePoint at, gc::Id holder, const Scopes& scopes);
    void session_or_revocation(util::TimePoint at);
    void flood();
    void stray(util::TimePoint at);
    void stray_sharing(util::TimePoint at);
    void stray_permission(util::TimePoint at);
    void stray_satellites();
    void stray_references(util::TimePoint at);
    void later(util::TimePoint at, std::function<void()> happen);
    void run_events();

    IamWriter& m_rows;
    PopulationSettings m_settings;
    std::mt19937_64 m_random;
    std::vector<Client> m_clients{};
    std::vector<gc::Id> m_holders{};
    std::vector<Event> m_events{};
    std::int64_t m_tokens = 0;
};

// The same with a writer of its own.
std::int64_t populate(db::Connection& connection, const Catalog& catalog,
                      const PopulationSettings& settings);

// The database's moment in its session's zone, in whole seconds.
util::TimePoint database_now(db::Connection& connection);

}  // namespace test
