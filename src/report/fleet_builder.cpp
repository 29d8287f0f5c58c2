// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_builder.hpp"

#include <algorithm>
#include <map>

namespace report {

namespace {

std::map<gc::Id, gc::Client> registered(gc::ClientSource& source) {
    constexpr std::int64_t rows = 1000;
    std::map<gc::Id, gc::Client> clients;
    gc::Id last = 0;
    while (true) {
        std::vector<gc::Client> page = source.clients(last, rows);
        for (gc::Client& client : page) {
            last = client.id;
            clients[client.id] = std::move(client);
        }
        if (static_cast<std::int64_t>(page.size()) < rows) {
            return clients;
        }
    }
}

}  // namespace

Fleet build_fleet(gc::ClientSource& source, util::TimePoint now, const std::stop_token& stop,
                  std::int64_t slice_rows) {
    const std::map<gc::Id, gc::Client> clients = registered(source);
    std::map<gc::Id, ClientFigures> figures;  // 0: no client, or one that is not registered
    Fleet fleet{.now = now};
    gc::ClientSlice slice;
    while (!slice.done && !stop.stop_requested()) {
        slice = source.count_tokens(slice.last, now, slice_rows);
        for (const gc::ClientTokens& tokens : slice.tokens) {
            const auto client = clients.find(tokens.client.value_or(0));
            ClientFigures& sum = figures[client == clients.end() ? 0 : client->first];
            if (client != clients.end()) {
                sum.id = client->first;
                sum.client_id = client->second.client_id;
                sum.name = client->second.name;
            }
            sum.access.live += tokens.live;
            sum.access.expired += tokens.expired;
            sum.access.never_expiring += tokens.never_expiring;
            fleet.totals.access.live += tokens.live;
            fleet.totals.access.expired += tokens.expired;
            fleet.totals.access.never_expiring += tokens.never_expiring;
        }
    }
    fleet.complete = slice.done;
    const std::int64_t total = std::max<std::int64_t>(1, fleet.totals.access.total());
    for (auto& [id, sum] : figures) {
        sum.share = static_cast<double>(sum.total()) / static_cast<double>(total);
        fleet.clients.push_back(std::move(sum));
    }
    std::stable_sort(
        fleet.clients.begin(), fleet.clients.end(),
        [](const ClientFigures& a, const ClientFigures& b) { return a.total() > b.total(); });
    fleet.totals.clients = static_cast<std::int64_t>(fleet.clients.size());
    return fleet;
}

}  // namespace report
