// SPDX-License-Identifier: Apache-2.0
// What the kinds of logins and requests leave behind (iam-database.md 5.2 and 7).
#include "support/population.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace test {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int k_all_weights = 100;

}  // namespace

// The weights are not those of a real IAM, where nearly all is client_credentials: every kind has
// to occur in a small database.
void Population::plan(util::TimePoint at) {
    struct Kind {
        int weight;
        void (Population::*flow)(util::TimePoint at);
    };
    constexpr std::array kinds{
        Kind{40, &Population::client_credentials}, Kind{25, &Population::code_login},
        Kind{12, &Population::device_flow},        Kind{8, &Population::token_exchange},
        Kind{8, &Population::registration},        Kind{7, &Population::session_or_revocation},
    };
    std::int64_t draw = below(k_all_weights);
    for (const Kind& kind : kinds) {
        draw -= kind.weight;
        if (draw < 0) {
            later(at, [this, at, flow = kind.flow] {
                m_rows.use_client(
                    m_clients.at(static_cast<std::size_t>(below(std::ssize(m_clients)))));
                (this->*flow)(at);
                if (chance(m_settings.stray_percent)) {
                    stray(at);
                }
            });
            return;
        }
    }
}

void Population::client_credentials(util::TimePoint at) {
    const Scopes scopes = random_scopes(4);
    random_token(at, random_holder(std::nullopt, scopes), std::nullopt, scopes);
}

void Population::code_login(util::TimePoint at) {
    const Scopes scopes = random_scopes(8);
    const gc::Id first = random_holder(random_user_auth(), scopes);
    if (chance(15)) {
        m_rows.authorization_code(quiet(at + minutes{5}), first);  // never redeemed
        return;
    }
    // The code is gone and leaves its holder an orphan; the token gets another.
    const gc::Id second = random_holder(random_user_auth(), scopes);
    if (chance(50)) {
        refresh_family(at, second, scopes);
    } else {
        random_token(at, second, std::nullopt, scopes);
    }
}

void Population::device_flow(util::TimePoint at) {
    const Scopes scopes = random_scopes(5);
    const auto expiration = quiet(at + minutes{10});
    const bool approved = chance(60);
    if (!approved || chance(40)) {
        m_rows.device_code({.expiration = expiration,
                            .holder = approved
                                          ? std::optional(random_holder(random_user_auth(), scopes))
                                          : std::nullopt,
                            .scopes = static_cast<int>(below(4)),
                            .parameters = static_cast<int>(2 + below(2))});
        return;
    }
    random_holder(random_user_auth(), scopes);  // of the code that was polled and is gone
    const gc::Id second = random_holder(random_user_auth(), scopes);
    if (chance(50)) {
        refresh_family(at, second, scopes);
    } else {
        random_token(at, second, std::nullopt, scopes);
    }
}

void Population::token_exchange(util::TimePoint at) {
    const Scopes scopes = random_scopes(3);
    const auto user_auth = chance(70) ? std::optional(random_user_auth()) : std::nullopt;
    random_token(at, random_holder(user_auth, scopes), std::nullopt, scopes);
}

void Population::registration(util::TimePoint at) {
    const bool resource = chance(20);
    const Scopes scopes{resource ? "resource-token" : "registration-token"};
    // Such a token never expires, but nothing in the database says that it could not.
    const auto expiration = chance(25) ? expiration_of(m_rows.current_client(), at) : std::nullopt;
    m_rows.access_token({.expiration = expiration,
                         .holder = random_holder(std::nullopt, scopes),
                         .scopes = scopes});
}

// A refresh token and the access tokens of its refreshes, all with one holder.
void Population::refresh_family(util::TimePoint at, gc::Id holder, const Scopes& scopes) {
    std::optional<util::TimePoint> expiration;
    if (!chance(15)) {
        expiration = quiet(at + (chance(50) ? seconds{minutes{20}} : seconds{hours{24 * 30}}));
    }
    const gc::Id refresh_token = m_rows.refresh_token(expiration, holder);
    const Client client = m_rows.current_client();
    const auto issue = [this, client, holder, refresh_token, scopes](util::TimePoint issued) {
        m_rows.use_client(client);
        random_token(issued, holder, refresh_token, scopes);
    };
    if (!chance(15)) {
        issue(at);  // else the server cleared it
    }
    for (std::int64_t refreshes = below(6); refreshes > 0; --refreshes) {
        const util::TimePoint next = at + minutes{below(3 * 24 * 60)};
        later(next, [issue, next] { issue(next); });
    }
}

void Population::session_or_revocation(util::TimePoint at) {
    if (chance(50)) {
        m_rows.session(quiet(at + minutes{30}), static_cast<int>(below(3)));
    } else {
        m_rows.revoked_hash(quiet(at + hours{1}));
    }
}

// The stress test of October 2022: client_credentials from two days ago until now, evenly.
void Population::flood() {
    if (m_settings.flood_tokens == 0) {
        return;
    }
    const Client client = m_rows.client({.name = "stress-test"});
    const seconds step{
        std::max<std::int64_t>(1, seconds{hours{48}}.count() / m_settings.flood_tokens)};
    util::TimePoint at = m_settings.now - step * m_settings.flood_tokens;
    for (int number = 0; number < m_settings.flood_tokens; ++number, at += step) {
        later(at, [this, client, at] {
            m_rows.use_client(client);
            const Scopes scopes{"compute.create", "compute.read", "storage.read:/"};
            const gc::Id holder = m_rows.holder({.scopes = scopes,
                                                 .extensions = 0,
                                                 .parameters = 2,
                                                 .resources = 0,
                                                 .response_types = 0});
            m_rows.access_token(
                {.expiration = quiet(at + hours{1}), .holder = holder, .scopes = scopes});
            ++m_tokens;
        });
    }
}

}  // namespace test
