// SPDX-License-Identifier: Apache-2.0
#include "report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace report {

namespace {

double ratio(std::int64_t part, std::int64_t whole) {
    return static_cast<double>(part) / static_cast<double>(std::max<std::int64_t>(1, whole));
}

void add(std::vector<IssueBucket>& sum, const std::vector<IssueBucket>& part) {
    if (sum.empty()) {
        sum = part;
        return;
    }
    for (std::size_t i = 0; i < part.size(); ++i) {  // all histories span the same hours
        sum[i].issued += part[i].issued;
    }
}

// How long ago a token of the client may have been issued and still be in the table: tokens go some
// time after they expired, and how long, the oldest expired one and the client's own first tell.
std::chrono::seconds covered(const FleetTally& tally, const ClientTally& client,
                             util::TimePoint now) {
    const std::chrono::seconds lifetime = client.client.validity.value_or(std::chrono::seconds{0});
    const util::TimePoint oldest = std::min(tally.oldest_expired.value_or(now), now) - lifetime;
    const util::TimePoint first = std::max(oldest, client.issued.first().value_or(oldest));
    return std::max(lifetime, std::chrono::duration_cast<std::chrono::seconds>(now - first));
}

void describe(ClientFigures& figures, const ClientTally& tally) {
    const gc::Client& client = tally.client;
    if (client.id != 0) {
        figures.id = client.id;
    }
    figures.client_id = client.client_id;
    figures.name = client.name;
    figures.active = client.active;
    figures.dynamically_registered = client.dynamically_registered;
    figures.grant_types = tally.grant_types;
    figures.contacts = tally.contacts;
    figures.owners = tally.owners;
    figures.created = client.created;
    figures.last_used = tally.last_used;
    figures.lifetime = client.validity;
    figures.refresh_lifetime = client.refresh_validity;
}

void count(ClientFigures& figures, const ClientTally& tally) {
    figures.access = tally.access;
    figures.refresh = tally.refresh;
    figures.registration = tally.registration;
    figures.left = tally.left;
    const std::int64_t usable = tally.refresh.live + tally.refresh.never_expiring;
    figures.idle_refresh = std::max<std::int64_t>(0, usable - tally.renewable);
    figures.users = tally.users.count();
    figures.live_users = tally.live_users.count();
    figures.tokens_per_user = figures.users == 0 ? 0 : ratio(tally.user_tokens, figures.users);
    figures.tokens_per_lifetime =
        ratio(tally.access.live + tally.access.never_expiring, figures.live_users);
    if (figures.lifetime && figures.tokens_per_lifetime > 0) {
        figures.seconds_between =
            static_cast<double>(figures.lifetime->count()) / figures.tokens_per_lifetime;
    }
}

void sum_up(FleetTotals& totals, const std::vector<ClientFigures>& clients) {
    for (const ClientFigures& client : clients) {
        totals.access += client.access;
        totals.refresh += client.refresh;
        add(totals.history, client.history);
        totals.registration += client.registration;
        totals.left += client.left;
    }
    totals.clients = static_cast<std::int64_t>(clients.size());
    totals.bytes_per_token =
        ratio(totals.bytes, totals.access.total() + totals.registration + totals.refresh.total());
}

}  // namespace

Fleet figures_of(const FleetTally& tally, util::TimePoint now) {
    Fleet fleet{.now = now, .complete = tally.complete, .warnings = tally.warnings};
    for (const auto& [id, client] : tally.clients) {
        if (client.access.total() + client.registration + client.refresh.total() == 0) {
            continue;
        }
        ClientFigures& figures = fleet.clients.emplace_back();
        describe(figures, client);
        count(figures, client);
        figures.rates = client.issued.rates(covered(tally, client, now));
        figures.first_issued = client.issued.first();
        figures.last_issued = client.issued.last();
        figures.history = client.issued.history();
    }
    fleet.totals.bytes = tally.bytes;
    sum_up(fleet.totals, fleet.clients);
    const std::int64_t all = fleet.totals.access.total() + fleet.totals.registration;
    for (ClientFigures& figures : fleet.clients) {
        figures.share = ratio(figures.total(), all);
        figures.bytes =
            std::llround(fleet.totals.bytes_per_token *
                         static_cast<double>(figures.total() + figures.refresh.total()));
    }
    return fleet;
}

void sort_clients(Fleet& fleet) {
    std::ranges::stable_sort(fleet.clients, [](const ClientFigures& a, const ClientFigures& b) {
        return std::tuple(!a.flagged(), -a.total(), -a.refresh.total()) <
               std::tuple(!b.flagged(), -b.total(), -b.refresh.total());
    });
}

}  // namespace report
