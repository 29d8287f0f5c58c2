// SPDX-License-Identifier: Apache-2.0
#include "report/clients.hpp"

#include "report/json.hpp"
#include "report/text.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace report {

namespace {

constexpr std::size_t k_name_columns = 36;
constexpr std::size_t k_clients_in_text = 25;

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

std::string shortened(const std::string& text) {
    if (text.size() <= k_name_columns) {
        return text;
    }
    std::size_t end = k_name_columns - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end) + "...";
}

std::string label(const ClientFigures& figures) {
    if (figures.client_id.empty()) {
        return "(unknown client)";
    }
    const std::string& text = figures.name.empty() ? figures.client_id : figures.name;
    return shortened(util::escape_controls(text));
}

}  // namespace

ClientDocument client_figures(gc::ClientSource& source, util::TimePoint now,
                              const std::stop_token& stop, std::int64_t slice_rows) {
    const std::map<gc::Id, gc::Client> clients = registered(source);
    std::map<gc::Id, ClientFigures> figures;  // 0: no client, or one that is not registered
    ClientDocument document{.now = now};
    gc::ClientSlice slice;
    while (!slice.done && !stop.stop_requested()) {
        slice = source.count_tokens(slice.last, now, slice_rows);
        for (const gc::ClientTokens& tokens : slice.tokens) {
            const auto client = clients.find(tokens.client.value_or(0));
            ClientFigures& sum = figures[client == clients.end() ? 0 : client->first];
            if (client != clients.end()) {
                sum.client_id = client->second.client_id;
                sum.name = client->second.name;
            }
            sum.live += tokens.live;
            sum.expired += tokens.expired;
            sum.never_expiring += tokens.never_expiring;
            document.total += tokens.live + tokens.expired + tokens.never_expiring;
        }
    }
    for (auto& [id, sum] : figures) {
        sum.share = static_cast<double>(sum.total()) /
                    static_cast<double>(std::max<std::int64_t>(1, document.total));
        document.clients.push_back(std::move(sum));
    }
    std::stable_sort(
        document.clients.begin(), document.clients.end(),
        [](const ClientFigures& a, const ClientFigures& b) { return a.total() > b.total(); });
    return document;
}

std::string to_json(const ClientDocument& document) {
    Json json = head_json(document.head);
    json["now"] = util::format_time(document.now);
    json["access_tokens"] = document.total;
    json["clients"] = Json::array();
    for (const ClientFigures& figures : document.clients) {
        json["clients"].push_back({{"client_id", figures.client_id},
                                   {"name", figures.name},
                                   {"live", figures.live},
                                   {"expired", figures.expired},
                                   {"never_expiring", figures.never_expiring},
                                   {"share", figures.share}});
    }
    return dump(json);
}

std::string to_text(const ClientDocument& document) {
    TextTable table({"client", "live", "expired", "never expiring", "share"});
    const std::size_t shown = std::min(document.clients.size(), k_clients_in_text);
    for (std::size_t i = 0; i < shown; ++i) {
        const ClientFigures& figures = document.clients[i];
        table.add({label(figures), grouped(figures.live), grouped(figures.expired),
                   grouped(figures.never_expiring), fmt::format("{:.1f} %", 100 * figures.share)});
    }
    std::string text = head_text(document.head);
    text += labelled("now", util::format_time(document.now) + " " + document.head.time_zone);
    text += fmt::format("\n{} access tokens\n\n", grouped(document.total));
    text += table.text({});
    if (shown < document.clients.size()) {
        text += fmt::format("and {} clients with fewer\n", document.clients.size() - shown);
    }
    return text;
}

}  // namespace report
