// SPDX-License-Identifier: Apache-2.0
#include "sim/run.hpp"

#include "sim/clients.hpp"
#include "sim/ledger.hpp"
#include "sim/values.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace sim {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

// After the end of the schedule, requests that are late are answered for so long.
constexpr auto k_drain = std::chrono::seconds(60);
// A server that is away is tried for so long per request.
constexpr auto k_reconnect = std::chrono::seconds(30);
// Rows that expire within so many seconds of the check may go while it looks.
constexpr Seconds k_check_slack = 10;

const char* kind_name(util::ErrorKind kind) {
    switch (kind) {
    case util::ErrorKind::transient:
        return "transient";
    case util::ErrorKind::connection:
        return "connection";
    case util::ErrorKind::permission:
        return "permission";
    default:
        return "other";
    }
}

// The families that are there before the run, as the schedule knows them.
std::vector<KnownSubject> known_subjects(const std::vector<Family>& families, Seconds start) {
    std::vector<KnownSubject> known;
    for (std::size_t index = 0; index < families.size(); ++index) {
        const Family& family = families[index];
        KnownSubject subject{.subject = index + 1, .has_refresh_token = family.refresh.has_value()};
        if (!family.tokens.empty()) {
            const AccessToken& token = family.tokens.back();
            constexpr Seconds for_ever = 1'000'000'000;
            subject.expires_us =
                (token.expiration ? *token.expiration - start : for_ever) * 1'000'000;
        }
        if (family.holder && (subject.has_refresh_token || subject.expires_us > 0)) {
            known.push_back(subject);
        }
    }
    return known;
}

class Runner {
public:
    Runner(const RunSettings& settings, std::vector<Id> clients, const std::atomic<bool>& stop)
        : m_settings(settings),
          m_clients(std::move(clients)),
          m_stop(stop),
          m_schedule(settings.schedule) {
        for (std::size_t index = 0; index < settings.adopted.size(); ++index) {
            m_ledger.put(index + 1, settings.adopted[index]);
        }
    }

    Ledger& ledger() { return m_ledger; }

    // The requests start now.
    void start() {
        m_start = Clock::now();
        m_end = m_start + std::chrono::seconds(m_settings.schedule.seconds) + k_drain;
    }

    // One connection: takes the next request when it is free, waits for its time.
    void work(Session& session, Tally& tally) {
        Flows flows(session, m_clients, m_ledger, m_settings.flows);
        while (const std::optional<Step> step = next_step()) {
            const auto due = m_start + microseconds(step->at_us);
            wait_until(due);
            if (is_over(due)) {
                return;
            }
            if (Clock::now() > m_end) {
                tally.fail(std::string(name(step->operation)), "overload",
                           "the requests fell more than a minute behind; some were never made");
                return;
            }
            perform(flows, session, *step, tally);
        }
    }

private:
    std::optional<Step> next_step() {
        const std::lock_guard lock(m_mutex);
        return m_stop && !m_settings.drain ? std::nullopt : m_schedule.next();
    }

    // Whether a request that is due then is not made any more. Drained is what was due when the
    // stop was seen; whatever came later would never end where one connection is slower than the
    // schedule.
    bool is_over(Clock::time_point due) {
        if (!m_stop || !m_settings.drain) {
            return m_stop;
        }
        const std::lock_guard lock(m_mutex);
        if (!m_stopped) {
            m_stopped = Clock::now();
        }
        return due > *m_stopped;
    }

    void wait_until(Clock::time_point due) const {
        constexpr auto slice = std::chrono::milliseconds(100);
        while (!m_stop && Clock::now() < due) {
            std::this_thread::sleep_until(std::min(due, Clock::now() + slice));
        }
    }

    void perform(Flows& flows, Session& session, const Step& step, Tally& tally) {
        const std::string place(name(step.operation));
        const auto index = static_cast<std::size_t>(step.operation);
        try {
            if (!flows.perform(step)) {
                ++tally.skipped[index];
                return;
            }
        } catch (const BrokenPromise& broken) {
            tally.fail(place, "broken_promise", broken.what());
        } catch (const util::Error& error) {
            tally.fail(place, kind_name(error.kind()), error.what());
            if (error.kind() == util::ErrorKind::connection) {
                reconnect(session, tally);
            }
        } catch (const std::exception& error) {
            tally.fail(place, "other", error.what());
        }
        // A failed request was answered as well, and took its time.
        const auto latency = Clock::now() - (m_start + microseconds(step.at_us));
        tally.samples[index].push_back(
            {.at_us = step.at_us,
             .latency_us = std::chrono::duration_cast<microseconds>(latency).count()});
    }

    void reconnect(Session& session, Tally& tally) const {
        const auto end = Clock::now() + k_reconnect;
        while (!m_stop && Clock::now() < end) {
            try {
                session.reopen();
                ++tally.reconnections;
                return;
            } catch (const util::Error&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            }
        }
    }

    const RunSettings& m_settings;
    std::vector<Id> m_clients;
    const std::atomic<bool>& m_stop;
    std::mutex m_mutex;
    Schedule m_schedule;
    Ledger m_ledger;
    Clock::time_point m_start{};
    Clock::time_point m_end{};
    std::optional<Clock::time_point> m_stopped{};
};

// The server's clean-up beside the requests, for as long as this object lives.
class CleanupThread {
public:
    CleanupThread(const db::Address& address, const CleanupSettings& settings) {
        if (settings.kind == CleanupKind::off) {
            return;
        }
        m_session.emplace(address);
        m_cleanup.emplace(*m_session, settings);
    }
    ~CleanupThread() { finish(); }
    CleanupThread(const CleanupThread&) = delete;
    CleanupThread& operator=(const CleanupThread&) = delete;

    void start() {
        if (m_cleanup) {
            m_thread = std::thread([this] { m_cleanup->run(m_stop, m_tally); });
        }
    }

    void finish() {
        m_stop = true;
        if (m_thread.joinable()) {
            m_thread.join();
        }
    }

    const Tally& tally() const { return m_tally; }
    CleanupFigures figures() const { return m_cleanup ? m_cleanup->figures() : CleanupFigures{}; }

private:
    std::optional<Session> m_session;
    std::optional<Cleanup> m_cleanup;
    std::atomic<bool> m_stop{false};
    Tally m_tally{};
    std::thread m_thread;
};

// One thread and one tally for each session.
Tally work_in_threads(Runner& runner, std::vector<Session>& sessions) {
    std::vector<Tally> tallies(sessions.size());
    std::vector<std::thread> threads;
    for (std::size_t index = 0; index < sessions.size(); ++index) {
        threads.emplace_back([&, index] { runner.work(sessions[index], tallies[index]); });
    }
    Tally total;
    for (std::size_t index = 0; index < sessions.size(); ++index) {
        threads[index].join();
        total.add(tallies[index]);
    }
    return total;
}

}  // namespace

std::vector<Family> promised_now(Session& session, const std::vector<Family>& families,
                                 Seconds grace_s, std::span<const MayGo> may_go) {
    const Seconds moment = session.now() - grace_s + k_check_slack;
    std::vector<Family> promised;
    for (const Family& family : families) {
        Family rest = without(still_promised(family, moment), may_go);
        if (!is_gone(rest)) {
            promised.push_back(std::move(rest));
        }
    }
    return promised;
}

RunResult run(const db::Address& address, const RunSettings& settings,
              const std::atomic<bool>& stop) {
    // One after the other, before any thread: the driver's first connection is no place for two.
    std::vector<Session> sessions;
    for (int index = 0; index < settings.connections; ++index) {
        sessions.emplace_back(address);
    }
    RunResult result{.started = now()};
    RunSettings prepared = settings;
    prepared.schedule.known = known_subjects(settings.adopted, result.started);
    prepared.flows.salt =
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    Runner runner(prepared, ensure_clients(sessions.front(), settings.schedule.clients), stop);
    CleanupThread cleanup(address, settings.cleanup);

    const auto start = Clock::now();
    runner.start();
    cleanup.start();
    result.tally = work_in_threads(runner, sessions);
    cleanup.finish();
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    result.tally.add(cleanup.tally());
    result.cleanup = cleanup.figures();

    Session checking(address);
    result.ledger = promised_now(checking, runner.ledger().promised(0), settings.grace_s,
                                 settings.flows.may_go);
    result.check = check_families(checking, result.ledger);
    return result;
}

}  // namespace sim
