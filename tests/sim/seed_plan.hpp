// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/clients.hpp"
#include "sim/family.hpp"
#include "sim/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sim {

enum class Shape {
    flood,   // the incident of 2022: client_credentials tokens of 32 clients, some living rows
             // between
    normal,  // an ordinary server
};

struct SeedSettings {
    std::uint64_t seed = 1;
    Shape shape = Shape::flood;
    std::int64_t tokens =
        100'000;  // flood: tokens of the stress clients; normal: requests of all kinds
    double living_share = 0.05;  // flood: families of the living population per token
    double garbage_share = 1;    // of the tokens above, the oldest ones
    int clients = 232;
    Seconds age = 86'400;    // garbage expired at least so long ago
    Seconds span = 172'800;  // and within so many seconds
    Seconds now = 0;         // the database's clock
};

// What one request left behind.
enum class Legacy {
    client_credentials,
    login,                  // with refresh token; leaves an orphan holder as well
    login_without_refresh,  // the same without
    registration,           // registration token, never expires
    never_expiring,         // an ordinary token without expiration
    exchange,
    code,             // a code that nobody redeemed
    device,           // a device code that nobody approved
    approved_device,  // a device code that was approved and not polled
};

struct Event {
    Legacy legacy = Legacy::client_credentials;
    int client = 0;
    std::uint64_t nonce = 0;
    Seconds issued = 0;
    std::optional<Seconds> expiration{};          // of the access token or the code
    std::optional<Seconds> refresh_expiration{};  // login only; none: never
};

// How many ids of each table an event takes.
struct IdCounts {
    std::int64_t access_tokens = 0;
    std::int64_t refresh_tokens = 0;
    std::int64_t holders = 0;
    std::int64_t user_auths = 0;
    std::int64_t codes = 0;
    std::int64_t devices = 0;
};

inline IdCounts ids_of(Legacy legacy) {
    switch (legacy) {
    case Legacy::login:
        return {.access_tokens = 1, .refresh_tokens = 1, .holders = 2, .user_auths = 2};
    case Legacy::login_without_refresh:
        return {.access_tokens = 1, .holders = 2, .user_auths = 2};
    case Legacy::exchange:
        return {.access_tokens = 1, .holders = 1, .user_auths = 1};
    case Legacy::code:
        return {.holders = 1, .user_auths = 1, .codes = 1};
    case Legacy::device:
        return {.devices = 1};
    case Legacy::approved_device:
        return {.holders = 1, .user_auths = 1, .devices = 1};
    default:
        return {.access_tokens = 1, .holders = 1};
    }
}

// Pure: what the database is filled with, event by event in the order of time.
class SeedPlan {
public:
    explicit SeedPlan(const SeedSettings& settings) : m_settings(settings) {
        if (settings.shape == Shape::flood) {
            m_living = std::llround(static_cast<double>(settings.tokens) * settings.living_share);
        }
        m_events = settings.tokens + m_living;
    }

    std::int64_t events() const { return m_events; }

    // `index` from 0 to events() - 1.
    Event event(std::int64_t index) const {
        Random random(scrambled(m_settings.seed, static_cast<std::uint64_t>(index)));
        const double position =
            static_cast<double>(index) / static_cast<double>(std::max<std::int64_t>(m_events, 1));
        Event event{.nonce = random.next()};
        const bool is_old = position < m_settings.garbage_share;
        event.expiration = scheduled_expiration(position);
        event.issued = *event.expiration - k_token_validity;
        if (m_settings.shape == Shape::normal) {
            ordinary(event, random, is_old);
        } else if (is_living(index)) {
            living(event, random);
        } else {
            event.client =
                static_cast<int>(random.below(std::min(k_stress_clients, m_settings.clients)));
        }
        return event;
    }

private:
    // Spreads the living events evenly over the whole.
    bool is_living(std::int64_t index) const {
        return (index + 1) * m_living / m_events > index * m_living / m_events;
    }

    // Rises with the position: garbage first, evenly over the span, then what lives.
    Seconds scheduled_expiration(double position) const {
        const double garbage = m_settings.garbage_share;
        if (position < garbage) {
            const double left = 1 - position / garbage;
            return m_settings.now - m_settings.age - 1 -
                   std::llround(left * static_cast<double>(m_settings.span));
        }
        const double part = (position - garbage) / (1 - garbage);
        return m_settings.now + k_shortest_life +
               std::llround(part * static_cast<double>(k_token_validity - k_shortest_life));
    }

    Seconds living_expiration(Random& random) const {
        return m_settings.now + k_shortest_life + random.below(k_token_validity - k_shortest_life);
    }

    std::optional<Seconds> living_refresh(Random& random) const {
        if (random.below(10) == 0) {
            return std::nullopt;
        }
        return m_settings.now + 86'400 + random.below(k_refresh_validity - 86'400);
    }

    template <std::size_t Size>
    static Legacy drawn(Random& random, const std::array<int, Size>& weights) {
        std::int64_t point = random.below(1000);
        for (std::size_t index = 0; index < Size; ++index) {
            point -= weights[index];
            if (point < 0) {
                return static_cast<Legacy>(index);
            }
        }
        return Legacy::client_credentials;
    }

    int ordinary_client(Random& random) const {
        if (m_settings.clients <= k_stress_clients) {
            return static_cast<int>(random.below(m_settings.clients));
        }
        const double heavy_tailed = std::pow(random.share(), 3);
        return k_stress_clients +
               static_cast<int>(heavy_tailed * (m_settings.clients - k_stress_clients));
    }

    // Rows of the living population: all are needed, but for the access tokens of half the logins
    // and half the codes, and the orphan holder that every login leaves.
    void living(Event& event, Random& random) const {
        constexpr std::array<int, 9> weights{200, 430, 80, 150, 20, 90, 15, 10, 5};
        event.legacy = drawn(random, weights);
        event.client = ordinary_client(random);
        const bool may_be_old = event.legacy == Legacy::login || event.legacy == Legacy::code ||
                                event.legacy == Legacy::device;
        const bool is_old = may_be_old && random.below(2) == 0;
        if (!is_old) {
            event.expiration = living_expiration(random);
        } else if (*event.expiration > m_settings.now) {
            event.expiration = m_settings.now - m_settings.age - 1;
        }
        finish(event, random, true);
    }

    void ordinary(Event& event, Random& random, bool is_old) const {
        constexpr std::array<int, 9> weights{500, 250, 50, 30, 10, 100, 30, 20, 10};
        event.legacy = drawn(random, weights);
        event.client = ordinary_client(random);
        finish(event, random, !is_old || random.below(2) == 0);
    }

    void finish(Event& event, Random& random, bool refresh_lives) const {
        if (event.legacy == Legacy::login) {
            event.refresh_expiration = refresh_lives ? living_refresh(random) : event.expiration;
        } else if (event.legacy == Legacy::registration || event.legacy == Legacy::never_expiring) {
            event.expiration.reset();
        }
    }

    // What is seeded as living outlives every test.
    static constexpr Seconds k_shortest_life = 7'200;

    SeedSettings m_settings;
    std::int64_t m_living = 0;
    std::int64_t m_events = 0;
};

}  // namespace sim
