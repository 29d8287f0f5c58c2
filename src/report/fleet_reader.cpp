// SPDX-License-Identifier: Apache-2.0
#include "report/fleet_reader.hpp"

#include "gc/batch_size.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace report {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t k_largest_slice = 50'000;
constexpr std::int64_t k_client_page = 1000;

class Reader {
public:
    Reader(gc::ClientSource& source, const ReadOptions& options)
        : m_source(source), m_options(options) {}

    FleetTally read() {
        read_clients();
        optional("how large the tables are", [&] { m_fleet.bytes = m_source.bytes(); });
        walk(gc::TokenTable::access_token, [&](gc::IdRange ids) { access_slice(ids); });
        walk(gc::TokenTable::refresh_token, [&](gc::IdRange ids) { refresh_slice(ids); });
        m_fleet.complete = !m_options.stop.stop_requested();
        return std::move(m_fleet);
    }

private:
    void read_clients() {
        gc::Id last = std::numeric_limits<gc::Id>::min();
        std::size_t size = k_client_page;
        while (size == k_client_page && !m_options.stop.stop_requested()) {
            std::vector<gc::Client> page = m_source.clients(last, k_client_page);
            size = page.size();
            if (page.empty()) {
                return;
            }
            const gc::IdRange ids{.after = last, .last = page.back().id};
            last = ids.last;
            for (gc::Client& client : page) {
                ClientTally& tally = m_fleet.clients[client.id];
                tally.issued = IssueTally(m_options.policy.now);
                tally.client = std::move(client);
            }
            read_details(ids);
        }
    }

    void read_details(gc::IdRange ids) {
        const auto texts = [&](gc::ClientDetail detail, std::vector<std::string> ClientTally::*to) {
            for (gc::ClientNote& note : m_source.notes(detail, ids)) {
                const auto found = m_fleet.clients.find(note.client);
                if (found != m_fleet.clients.end()) {
                    (found->second.*to).push_back(std::move(note.text));
                    std::ranges::sort(found->second.*to);
                }
            }
        };
        optional("the grant types of clients",
                 [&] { texts(gc::ClientDetail::grant_type, &ClientTally::grant_types); });
        optional("the contacts of clients",
                 [&] { texts(gc::ClientDetail::contact, &ClientTally::contacts); });
        optional("the owners of clients",
                 [&] { texts(gc::ClientDetail::owner, &ClientTally::owners); });
        optional("when clients were last used", [&] {
            for (const gc::ClientNote& note : m_source.notes(gc::ClientDetail::last_used, ids)) {
                const auto found = m_fleet.clients.find(note.client);
                if (found != m_fleet.clients.end()) {
                    // A date without time from V119 on (iam-database.md 2).
                    constexpr std::size_t date = 10;
                    found->second.last_used = util::parse_time(
                        note.text.size() == date ? note.text + " 00:00:00" : note.text);
                }
            }
        });
    }

    // What a report can do without.
    template <typename Read>
    void optional(const std::string& what, const Read& read) {
        if (m_forbidden.contains(what)) {
            return;
        }
        try {
            read();
        } catch (const util::Error& error) {
            if (error.kind() != util::ErrorKind::permission) {
                throw;
            }
            m_forbidden.insert(what);
            m_fleet.warnings.push_back(fmt::format(
                "the account may not read {}, so the report goes without; sql/admin has the grants "
                "({})",
                what, error.what()));
        }
    }

    template <typename ReadSlice>
    void walk(gc::TokenTable table, const ReadSlice& read_slice) {
        gc::BatchSize size({.batch_size = k_largest_slice,
                            .batch_rows = k_largest_slice,
                            .batch_time = m_options.batch_time});
        ReadProgress progress{.table = table};
        gc::Id last = std::numeric_limits<gc::Id>::min();
        while (!m_options.stop.stop_requested()) {
            m_longest = milliseconds{0};
            gc::TokenSlice slice;
            timed([&] { slice = m_source.slice(table, last, size.current()); });
            if (slice.rows == 0) {
                return;
            }
            read_slice(slice.ids);
            last = slice.ids.last;
            size.finished(slice.rows, slice.rows, m_longest);
            progress.rows += slice.rows;
            if (m_options.progress) {
                m_options.progress(progress);
            }
        }
    }

    template <typename Ask>
    void timed(const Ask& ask) {
        const auto start = m_options.clock();
        ask();
        m_longest = std::max(m_longest,
                             std::chrono::duration_cast<milliseconds>(m_options.clock() - start));
    }

    ClientTally& tally(std::optional<gc::Id> client) {
        const auto found = m_fleet.clients.find(client.value_or(0));
        return found == m_fleet.clients.end() ? m_fleet.clients[0] : found->second;
    }

    void access_slice(gc::IdRange ids) {
        std::vector<gc::TokenGroup> groups;
        timed([&] { groups = m_source.access_tokens(ids, m_options.policy); });
        bool never_expiring = false;
        for (const gc::TokenGroup& group : groups) {
            add(tally(group.client), group);
            never_expiring = never_expiring || group.never_expiring > 0;
        }
        if (never_expiring) {
            optional("the scopes of tokens", [&] { read_registrations(ids); });
        }
        optional("the names of users, to count them",
                 [&] { read_users(gc::TokenTable::access_token, ids); });
    }

    void add(ClientTally& client, const gc::TokenGroup& group) {
        client.access.live += group.live;
        client.access.expired += group.expired;
        client.access.never_expiring += group.never_expiring;
        client.left += group.left;
        client.renewable += group.renewable;
        if (!group.minute) {
            return;
        }
        if (group.expired > 0) {
            m_fleet.oldest_expired =
                std::min(m_fleet.oldest_expired.value_or(*group.minute), *group.minute);
        }
        if (client.client.validity) {
            client.issued.add(
                std::chrono::floor<std::chrono::minutes>(*group.minute - *client.client.validity),
                group.live + group.expired);
        }
    }

    void read_registrations(gc::IdRange ids) {
        std::vector<gc::ClientTokens> found;
        timed([&] { found = m_source.registrations(ids); });
        for (const gc::ClientTokens& tokens : found) {
            ClientTally& client = tally(tokens.client);
            client.registration += tokens.tokens;
            client.access.never_expiring -= tokens.tokens;
        }
    }

    void read_users(gc::TokenTable table, gc::IdRange ids) {
        std::vector<gc::UserTokens> found;
        timed([&] { found = m_source.users(table, ids, m_options.policy); });
        for (const gc::UserTokens& user : found) {
            ClientTally& client = tally(user.client);
            client.users.add(user.user);
            if (user.usable > 0) {
                client.live_users.add(user.user);
            }
            client.user_tokens += table == gc::TokenTable::access_token ? user.tokens : 0;
        }
    }

    void refresh_slice(gc::IdRange ids) {
        std::vector<gc::RefreshGroup> groups;
        timed([&] { groups = m_source.refresh_tokens(ids, m_options.policy); });
        for (const gc::RefreshGroup& group : groups) {
            TokenCounts& refresh = tally(group.client).refresh;
            refresh.live += group.live;
            refresh.expired += group.expired;
            refresh.never_expiring += group.never_expiring;
        }
        optional("the names of users, to count them",
                 [&] { read_users(gc::TokenTable::refresh_token, ids); });
    }

    gc::ClientSource& m_source;
    const ReadOptions& m_options;
    FleetTally m_fleet{};
    milliseconds m_longest{0};
    std::set<std::string> m_forbidden{};
};

}  // namespace

FleetTally read_fleet(gc::ClientSource& source, const ReadOptions& options) {
    return Reader(source, options).read();
}

}  // namespace report
