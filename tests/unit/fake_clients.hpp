// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/client_source.hpp"
#include "report/fleet_builder.hpp"
#include "unit/fake_report.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace test {

inline const util::TimePoint k_report_now = util::parse_time("2026-05-01 12:00:00");

// What one slice of access tokens holds.
struct FakeSlice {
    std::vector<gc::TokenGroup> groups{};
    std::vector<gc::UserTokens> users{};
    std::vector<gc::ClientTokens> registrations{};
};

// Clients and their tokens in memory, told slice by slice: the id of a slice's last row is its
// number.
class FakeClients : public gc::ClientSource {
public:
    std::vector<gc::Client> registered{};
    std::map<gc::ClientDetail, std::vector<gc::ClientNote>> details{};
    std::vector<FakeSlice> slices{};
    std::vector<gc::RefreshGroup> refresh{};  // all in one slice
    std::int64_t size = 0;
    std::vector<std::int64_t> asked_rows{};
    std::function<void()> on_slice{};
    std::function<void()> on_users{};

    std::vector<gc::Client> clients(gc::Id after, std::int64_t rows) override {
        std::vector<gc::Client> page;
        for (const gc::Client& client : registered) {
            if (client.id > after && static_cast<std::int64_t>(page.size()) < rows) {
                page.push_back(client);
            }
        }
        return page;
    }

    std::vector<gc::ClientNote> notes(gc::ClientDetail detail, gc::IdRange ids) override {
        std::vector<gc::ClientNote> found;
        for (const gc::ClientNote& note : details[detail]) {
            if (note.client > ids.after && note.client <= ids.last) {
                found.push_back(note);
            }
        }
        return found;
    }

    gc::TokenSlice slice(gc::TokenTable table, gc::Id after, std::int64_t rows) override {
        asked_rows.push_back(rows);
        const std::int64_t last = std::max<gc::Id>(after, 0) + 1;
        const bool access = table == gc::TokenTable::access_token;
        const auto slices_of_table = static_cast<std::int64_t>(access            ? slices.size()
                                                               : refresh.empty() ? 0
                                                                                 : 1);
        return {.ids = {.after = after, .last = last}, .rows = last > slices_of_table ? 0 : rows};
    }

    std::vector<gc::TokenGroup> access_tokens(gc::IdRange ids, const gc::Policy& policy) override {
        CHECK(policy.now == k_report_now);
        if (on_slice) {
            on_slice();
        }
        return at(ids).groups;
    }

    std::vector<gc::RefreshGroup> refresh_tokens(gc::IdRange, const gc::Policy&) override {
        return refresh;
    }

    std::vector<gc::UserTokens> users(gc::TokenTable table, gc::IdRange ids,
                                      const gc::Policy&) override {
        if (on_users) {
            on_users();
        }
        return table == gc::TokenTable::access_token ? at(ids).users
                                                     : std::vector<gc::UserTokens>{};
    }

    std::vector<gc::ClientTokens> registrations(gc::IdRange ids) override {
        return at(ids).registrations;
    }

    std::int64_t bytes() override { return size; }

    report::Fleet fleet(const gc::FlagSettings& flags = {}, const std::stop_token& stop = {}) {
        report::ForecastBasis basis{.grace = std::chrono::hours{1}};
        return fleet(flags, stop, basis);
    }

    report::Fleet fleet(const gc::FlagSettings& flags, const std::stop_token& stop,
                        report::ForecastBasis& basis) {
        report::Fleet result = report::build_fleet(
            *this,
            {.policy = {.now = k_report_now, .cutoff = k_report_now - std::chrono::hours{1}},
             .stop = stop},
            flags, basis);
        result.head = run_document().head;
        return result;
    }

private:
    const FakeSlice& at(gc::IdRange ids) const {
        return slices.at(static_cast<std::size_t>(ids.last - 1));
    }
};

// Tokens of one client that expire at that minute; those up to now have expired.
inline gc::TokenGroup tokens_at(gc::Id client, util::TimePoint minute, std::int64_t tokens) {
    const bool live = minute > k_report_now;
    return {.client = client,
            .minute = minute,
            .live = live ? tokens : 0,
            .expired = live ? 0 : tokens,
            .left = minute <= k_report_now - std::chrono::hours{1} ? tokens : 0};
}

}  // namespace test
