// SPDX-License-Identifier: Apache-2.0
#include "sim/cleanup.hpp"

#include "sim/rows.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <string>
#include <thread>

namespace sim {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t k_page = 100;
// AbstractPageOperationTemplate ends a run at whichever comes first.
constexpr int k_pages_at_most = 1000;
constexpr auto k_time_at_most = std::chrono::minutes(10);

// The orphan query as the ORM spells it. It knows nothing of device codes.
std::string orphans_sql() {
    std::string sql =
        "SELECT t0.id, t0.user_auth_id FROM authentication_holder t0 WHERE t0.id NOT IN ";
    const char* joint = "";
    for (const std::string_view table : {"access_token", "refresh_token", "authorization_code"}) {
        sql += fmt::format(
            "{}(SELECT t1.id FROM {} t2, authentication_holder t1 WHERE (t1.id = "
            "t2.auth_holder_id))",
            joint, table);
        joint = " AND t0.id NOT IN ";
    }
    return sql + fmt::format(" LIMIT {}", k_page);
}

}  // namespace

Cleanup::Cleanup(Session& session, const CleanupSettings& settings)
    : m_session(session), m_settings(settings) {}

void Cleanup::run(const std::atomic<bool>& stop, Tally& tally) {
    while (!stop) {
        try {
            run_once(stop, tally);
        } catch (const util::Error& error) {
            tally.fail("server_gc", "page", error.what());
            if (error.kind() == util::ErrorKind::connection) {
                try {
                    m_session.reopen();
                    ++tally.reconnections;
                } catch (const util::Error&) {
                    // The next run tries again.
                }
            }
        }
        ++m_figures.runs;
        const auto next = Clock::now() + m_settings.pause;
        while (!stop && Clock::now() < next) {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
}

void Cleanup::run_once(const std::atomic<bool>& stop, Tally& tally) {
    const bool one_page = m_settings.kind == CleanupKind::v1_14;
    const auto pages = [&](auto page) {
        const auto end = Clock::now() + k_time_at_most;
        for (int number = 0; number < (one_page ? 1 : k_pages_at_most); ++number) {
            if (page() == 0 || stop || Clock::now() > end) {
                return;
            }
        }
    };
    pages([&] { return tokens_page(tally); });
    if (m_settings.orphans && !stop) {
        pages([&] { return holders_page(tally); });
    }
}

// Returns the number of rows in the page.
std::size_t Cleanup::tokens_page(Tally& tally) {
    const std::string expired = fmt::format("(expiration <= {})", sql_time(now()));
    if (m_settings.kind == CleanupKind::v1_14) {
        m_session.query("access_token.count_expired",
                        fmt::format("SELECT COUNT(id) FROM access_token WHERE {}", expired));
    }
    const auto page = m_session.query(
        "access_token.expired",
        fmt::format("SELECT id, expiration, auth_holder_id, client_id, refresh_token_id FROM "
                    "access_token WHERE {} LIMIT {}",
                    expired, k_page));
    for (const db::Row& row : page) {
        m_session.query("token_scope.find",
                        fmt::format("SELECT scope FROM token_scope WHERE (owner_id = {})",
                                    row.at(0).value_or("0")));
    }
    if (m_settings.kind == CleanupKind::v1_14) {
        timed_transaction(
            [&] {
                for (const db::Row& row : page) {
                    remove_token(db::as_integer(row.at(0)));
                }
            },
            tally);
        return page.size();
    }
    bool any = false;
    for (const db::Row& row : page) {
        any = timed_transaction([&] { remove_token(db::as_integer(row.at(0))); }, tally) || any;
    }
    // The server would meet the same failing page up to 1000 times.
    return any ? page.size() : 0;
}

std::size_t Cleanup::holders_page(Tally& tally) {
    const auto page = m_session.query("authentication_holder.orphans", orphans_sql());
    if (m_settings.kind == CleanupKind::v1_14) {
        timed_transaction(
            [&] {
                for (const db::Row& row : page) {
                    remove_orphan(row);
                }
            },
            tally);
        return page.size();
    }
    bool any = false;
    for (const db::Row& row : page) {
        any = timed_transaction([&] { remove_orphan(row); }, tally) || any;
    }
    return any ? page.size() : 0;
}

void Cleanup::remove_token(std::int64_t id) {
    const std::int64_t removed = remove_access_token(m_session, id);
    m_figures.tokens += removed;
    m_figures.tokens_gone_before += 1 - removed;
}

void Cleanup::remove_orphan(const db::Row& row) {
    remove_holder(m_session, db::as_integer(row.at(0)), db::as_optional_integer(row.at(1)));
    ++m_figures.holders;
}

// False when it failed; a lost connection is thrown on.
bool Cleanup::timed_transaction(const std::function<void()>& work, Tally& tally) {
    const auto start = Clock::now();
    try {
        m_session.transaction(work);
    } catch (const util::Error& error) {
        if (error.kind() == util::ErrorKind::connection) {
            throw;
        }
        tally.fail("server_gc", "removal", error.what());
        return false;
    }
    m_transactions.push_back(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start).count());
    return true;
}

CleanupFigures Cleanup::figures() const {
    CleanupFigures figures = m_figures;
    figures.transactions = summarise(m_transactions);
    return figures;
}

}  // namespace sim
