// SPDX-License-Identifier: Apache-2.0
#include "report/flags.hpp"

#include "report/burst.hpp"
#include "report/text.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace report {

namespace {

// The flags of one client, in the order in which they matter.
class Judge {
public:
    Judge(ClientFigures& client, const gc::FlagSettings& settings)
        : m_client(client),
          m_settings(settings),
          m_fair(client.tokens_per_lifetime <= settings.fair_use),
          m_large(client.total() >= settings.min_tokens) {}

    void judge() {
        by_rate();
        by_number();
        by_habit();
        by_state();
    }

private:
    void trip(FlagName name, double figure, double threshold, std::string sentence,
              std::string advice) {
        if (threshold > 0 && figure >= threshold) {
            m_client.flags.push_back({.name = name,
                                      .client_id = m_client.client_id,
                                      .figure = figure,
                                      .threshold = threshold,
                                      .sentence = std::move(sentence),
                                      .advice = std::move(advice)});
        }
    }

    std::string per_user() const {
        return fmt::format("{} good tokens at once per {}",
                           m_client.tokens_per_lifetime < 10
                               ? fmt::format("{:.1f}", m_client.tokens_per_lifetime)
                               : grouped(std::llround(m_client.tokens_per_lifetime)),
                           m_client.live_users == 0 ? "client" : "user");
    }

    void by_rate() {
        if (m_fair) {
            return;
        }
        trip(FlagName::flood, m_client.rates.now, m_settings.flood,
             fmt::format("asked for {:.3g} tokens a second in the last ten minutes, with {}",
                         m_client.rates.now, per_user()),
             "Ask its owner to keep a token until it expires; suspend the client if it does not "
             "stop.");
        if (m_large) {
            trip(FlagName::burst, m_client.burst_score, m_settings.burst,
                 fmt::format("asks for {:.3g} tokens a second, {:.1f} deviations above what it and "
                             "the others usually do",
                             m_client.rates.now, m_client.burst_score),
                 "Ask its owner what changed today: a new version, a test, or a loop of errors.");
        }
    }

    void by_number() {
        if (m_fair) {
            return;
        }
        if (m_large) {
            trip(FlagName::share, m_client.share, m_settings.share,
                 fmt::format("holds {:.0f} % of all access tokens", 100 * m_client.share),
                 "Shorten the lifetime of its tokens, and have them reused until they expire.");
        }
        trip(FlagName::hoarder, static_cast<double>(m_client.access.live),
             static_cast<double>(m_settings.hoarder),
             fmt::format("holds {} live access tokens, with {}", grouped(m_client.access.live),
                         per_user()),
             "Shorten the lifetime of its tokens; a client needs few that are good at once.");
    }

    void by_habit() {
        if (m_large) {
            trip(FlagName::no_reuse, m_client.tokens_per_lifetime, m_settings.no_reuse,
                 fmt::format("asks for a new token every {:.3g} s though one lives {}: {}",
                             m_client.seconds_between, lifetime(), per_user()),
                 "Have it keep a token and ask for the next one shortly before that expires.");
        }
        pileup();
        const std::chrono::milliseconds life = m_client.lifetime.value_or(std::chrono::seconds{0});
        if (m_client.access.live > 0) {
            trip(FlagName::long_lived, std::chrono::duration<double>(life).count(),
                 std::chrono::duration<double>(m_settings.long_lived).count(),
                 fmt::format("has access tokens that live {}", lifetime()),
                 "Shorten access_token_validity_seconds of the client; a token that leaks is good "
                 "until it expires.");
        }
        trip(FlagName::never_expires, static_cast<double>(m_client.access.never_expiring),
             static_cast<double>(m_settings.never_expires),
             fmt::format("has {} access tokens that never expire",
                         grouped(m_client.access.never_expiring)),
             "Set access_token_validity_seconds of the client, and revoke these tokens: nothing "
             "else removes them.");
    }

    void pileup() {
        const double idle = static_cast<double>(m_client.idle_refresh) /
                            static_cast<double>(std::max<std::int64_t>(1, m_client.live_users));
        if (m_client.idle_refresh >= m_settings.min_tokens) {
            trip(FlagName::refresh_pileup, idle, m_settings.refresh_pileup,
                 fmt::format("has {} refresh tokens that nobody uses, {:.0f} for each user",
                             grouped(m_client.idle_refresh), idle),
                 "Have it store and reuse its refresh token, or drop offline_access; set "
                 "refresh_token_validity_seconds if it has none.");
        }
    }

    void by_state() {
        if (!m_client.id) {
            trip(FlagName::unknown_client, static_cast<double>(m_client.total()),
                 static_cast<double>(m_settings.unknown_client),
                 fmt::format("{} access tokens belong to no registered client",
                             grouped(m_client.total())),
                 "They are of no use to anybody and go when they expire; see who deletes clients "
                 "past the server.");
        }
        if (m_client.active == false) {
            trip(FlagName::inactive_client, static_cast<double>(m_client.access.live),
                 static_cast<double>(m_settings.inactive_client),
                 fmt::format("is suspended and has {} live access tokens",
                             grouped(m_client.access.live)),
                 "Revoke them if the client was suspended for abuse: offline verifiers accept them "
                 "until they expire.");
        }
    }

    std::string lifetime() const {
        return m_client.lifetime ? util::format_duration(*m_client.lifetime) : "for ever";
    }

    ClientFigures& m_client;
    const gc::FlagSettings& m_settings;
    bool m_fair;
    bool m_large;
};

}  // namespace

std::string_view name(FlagName flag) {
    switch (flag) {
    case FlagName::flood:
        return "flood";
    case FlagName::share:
        return "share";
    case FlagName::burst:
        return "burst";
    case FlagName::hoarder:
        return "hoarder";
    case FlagName::no_reuse:
        return "no_reuse";
    case FlagName::long_lived:
        return "long_lived";
    case FlagName::never_expires:
        return "never_expires";
    case FlagName::refresh_pileup:
        return "refresh_pileup";
    case FlagName::unknown_client:
        return "unknown_client";
    case FlagName::inactive_client:
        return "inactive_client";
    }
    return {};
}

void flag_clients(Fleet& fleet, const gc::FlagSettings& settings) {
    std::vector<double> levels;
    levels.reserve(fleet.clients.size());
    for (const ClientFigures& client : fleet.clients) {
        levels.push_back(fleet_level(client));
    }
    fleet.totals.flagged = 0;
    for (ClientFigures& client : fleet.clients) {
        client.burst_score = burst_score(client, levels, fleet.now);
        client.flags.clear();
        Judge(client, settings).judge();
        fleet.totals.flagged += client.flagged() ? 1 : 0;
    }
}

}  // namespace report
