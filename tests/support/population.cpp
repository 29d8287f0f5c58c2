// SPDX-License-Identifier: Apache-2.0
#include "support/population.hpp"

#include "support/edge_cases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<std::string_view, 10> k_scopes{
    "openid",       "profile",       "email",     "offline_access",       "wlcg.groups",
    "compute.read", "storage.read:", "scim:read", "storage.modify:/data", "compute.create",
};

constexpr std::array<std::string_view, 6> k_users{
    "alice", "bob", "o'brien", "back\\slash", "Zoë", "user \"quoted\"",
};

}  // namespace

Population::Population(IamWriter& writer, const PopulationSettings& settings)
    : m_rows(writer), m_settings(settings), m_random(settings.seed) {}

std::int64_t Population::write() {
    make_clients();
    for (int flow = 0; flow < m_settings.flows; ++flow) {
        plan(random_moment());
    }
    flood();
    run_events();
    if (m_settings.edge_cases) {
        m_rows.use_client(m_rows.client({}));
        write_edge_cases(m_rows, m_settings.now);
    }
    // The newest token tells that the clocks agree.
    m_rows.use_client(m_rows.client({}));
    random_token(m_settings.now - seconds{1}, random_holder(std::nullopt, {"openid"}), std::nullopt,
                 {"openid"});
    m_rows.flush();
    return m_tokens;
}

std::int64_t Population::below(std::int64_t bound) {
    return static_cast<std::int64_t>(m_random() % static_cast<std::uint64_t>(bound));
}

util::TimePoint Population::quiet(util::TimePoint time) const {
    const std::array edges{m_settings.now, m_settings.now - m_settings.grace,
                           m_settings.now - m_settings.margin};
    const auto near_an_edge = [&] {
        return std::any_of(edges.begin(), edges.end(), [&](util::TimePoint edge) {
            return std::chrono::abs(time - edge) < minutes{2};
        });
    };
    while (near_an_edge()) {
        time -= minutes{5};
    }
    return time;
}

// Half of what happens is recent, where all the edges are.
util::TimePoint Population::random_moment() {
    const seconds span = chance(50) ? seconds{hours{3}} : seconds{m_settings.past};
    util::TimePoint moment = m_settings.now - seconds{below(span.count())};
    if (chance(20)) {
        moment = std::chrono::floor<hours>(moment);  // many rows with the same second
    }
    return std::max(moment, m_settings.now - m_settings.past);
}

std::optional<util::TimePoint> Population::expiration_of(const Client& client,
                                                         util::TimePoint issued) {
    if (!client.validity_seconds) {
        return std::nullopt;
    }
    util::TimePoint expiration = quiet(issued + seconds{*client.validity_seconds});
    if (m_rows.dialect() == db::Dialect::postgresql && chance(50)) {
        expiration += std::chrono::microseconds{below(1'000'000)};
    }
    return expiration;
}

Scopes Population::random_scopes(int most) {
    Scopes scopes;
    for (std::int64_t count = below(most + 1); count > 0; --count) {
        scopes.emplace_back(k_scopes.at(static_cast<std::size_t>(below(std::ssize(k_scopes)))));
    }
    return scopes;
}

gc::Id Population::random_user_auth() {
    return m_rows.user_auth(
        {.name = std::string(k_users.at(static_cast<std::size_t>(below(std::ssize(k_users))))),
         .authorities = static_cast<int>(below(4)),
         .information = chance(30) ? static_cast<int>(below(8)) : 0});
}

gc::Id Population::random_holder(std::optional<gc::Id> user_auth, const Scopes& scopes) {
    m_holders.push_back(m_rows.holder({.user_auth = user_auth,
                                       .scopes = scopes,
                                       .authorities = static_cast<int>(below(2)),
                                       .extensions = static_cast<int>(below(4)),
                                       .parameters = static_cast<int>(2 + below(6)),
                                       .resources = static_cast<int>(below(2)),
                                       .response_types = static_cast<int>(below(2))}));
    return m_holders.back();
}

gc::Id Population::random_token(util::TimePoint at, gc::Id holder,
                                std::optional<gc::Id> refresh_token, const Scopes& scopes) {
    ++m_tokens;
    const gc::Id token =
        m_rows.access_token({.expiration = expiration_of(m_rows.current_client(), at),
                             .holder = holder,
                             .refresh_token = refresh_token,
                             .scopes = scopes});
    if (chance(4)) {
        const gc::Id permission = m_rows.permission(random_scopes(3));
        m_rows.grant(token, permission);
        if (chance(30)) {
            m_rows.permission_ticket(quiet(at + minutes{40}), permission);
        }
    }
    return token;
}

void Population::make_clients() {
    constexpr std::array<std::int64_t, 4> validities{3600, 21'600, 345'600, 600};
    for (int number = 0; number < m_settings.clients; ++number) {
        ClientSpec spec{.name = fmt::format("client {}", number)};
        spec.validity_seconds = validities.at(static_cast<std::size_t>(below(4)));
        if (number % 8 == 7) {
            spec.validity_seconds.reset();
        }
        if (chance(20)) {
            spec.refresh_validity_seconds.reset();
        }
        spec.active = !chance(15);
        m_clients.push_back(m_rows.client(spec));
    }
}

void Population::later(util::TimePoint at, std::function<void()> happen) {
    if (at < m_settings.now) {
        m_events.push_back({.at = at, .happen = std::move(happen)});
        std::push_heap(m_events.begin(), m_events.end(),
                       [](const Event& left, const Event& right) { return left.at > right.at; });
    }
}

// What happens may make other things happen later, so that ids follow time.
void Population::run_events() {
    while (!m_events.empty()) {
        std::pop_heap(m_events.begin(), m_events.end(),
                      [](const Event& left, const Event& right) { return left.at > right.at; });
        const Event event = std::move(m_events.back());
        m_events.pop_back();
        event.happen();
    }
}

std::int64_t populate(db::Connection& connection, const Catalog& catalog,
                      const PopulationSettings& settings) {
    IamWriter writer(connection, catalog);
    return Population(writer, settings).write();
}

util::TimePoint database_now(db::Connection& connection) {
    const db::Rows rows = connection.query(connection.dialect() == db::Dialect::postgresql
                                               ? "SELECT LOCALTIMESTAMP(0)"
                                               : "SELECT CURRENT_TIMESTAMP");
    return util::parse_time(rows.at(0).at(0).value());
}

}  // namespace test
