// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/connection.hpp"
#include "sim/check.hpp"
#include "sim/cleanup.hpp"
#include "sim/flows.hpp"
#include "sim/schedule.hpp"
#include "sim/tally.hpp"

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

namespace sim {

struct RunSettings {
    int connections = 8;
    ScheduleSettings schedule{};
    FlowSettings flows{};
    CleanupSettings cleanup{};
    std::int64_t warmup_s = 0;  // requests of so many seconds at the start are not in the figures
    bool drain = false;         // when told to stop, first answer what is due
    Seconds grace_s = 0;        // a row is promised until so long after its expiration
    std::vector<Family> adopted{};
};

struct RunResult {
    Seconds started = 0;  // by the machine's clock
    double seconds = 0;   // until the last answer
    Tally tally{};
    CleanupFigures cleanup{};
    std::vector<Family> ledger{};  // what is promised at the end
    CheckResult check{};
};

// Plays the server until the schedule ends or `stop` is set, then compares the ledger with the
// database. Throws util::Error when it cannot start or cannot check.
RunResult run(const db::Address& address, const RunSettings& settings,
              const std::atomic<bool>& stop);

// The ledger's rows that are still promised: not those that expired more than the grace ago, nor
// those that may do so while the check runs, nor those that may go earlier.
std::vector<Family> promised_now(Session& session, const std::vector<Family>& families,
                                 Seconds grace_s, std::span<const MayGo> may_go);

}  // namespace sim
