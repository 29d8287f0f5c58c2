// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/session.hpp"
#include "sim/tally.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace sim {

enum class CleanupKind {
    off,
    v1_13,  // up to IAM 1.13 and MITREid
    v1_14,
};

struct CleanupSettings {
    CleanupKind kind = CleanupKind::off;
    bool orphans = false;  // also the holders its slow query finds, approved device codes or not
    std::chrono::milliseconds pause{
        10'000};  // between two runs; the server's default is five minutes
};

struct CleanupFigures {
    std::int64_t runs = 0;
    std::int64_t tokens = 0;
    std::int64_t tokens_gone_before =
        0;  // found in the page, and removed by somebody else meanwhile
    std::int64_t holders = 0;
    LatencySummary transactions{};
};

// The server's own clean-up (iam-database.md 5.3).
class Cleanup {
public:
    Cleanup(Session& session, const CleanupSettings& settings);

    // Works until `stop` is set; failures are counted at the place "server_gc" and, as in the
    // server, do not end it.
    void run(const std::atomic<bool>& stop, Tally& tally);

    CleanupFigures figures() const;

private:
    void run_once(const std::atomic<bool>& stop, Tally& tally);
    std::size_t tokens_page(Tally& tally);
    std::size_t holders_page(Tally& tally);
    bool timed_transaction(const std::function<void()>& work, Tally& tally);
    void remove_token(std::int64_t id);
    void remove_orphan(const db::Row& row);

    Session& m_session;
    CleanupSettings m_settings;
    CleanupFigures m_figures{};
    std::vector<std::int64_t> m_transactions;
};

}  // namespace sim
