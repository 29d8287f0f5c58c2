// SPDX-License-Identifier: Apache-2.0
#include "sim/seed.hpp"

#include "sim/clients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace sim {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t k_events_per_chunk = 1000;

struct IdTable {
    std::string_view table;
    Id TableIds::*next;
};

constexpr std::array<IdTable, 6> k_id_tables{{{"access_token", &TableIds::access_token},
                                              {"refresh_token", &TableIds::refresh_token},
                                              {"authentication_holder", &TableIds::holder},
                                              {"saved_user_auth", &TableIds::user_auth},
                                              {"authorization_code", &TableIds::code},
                                              {"device_code", &TableIds::device}}};

TableIds first_ids(Session& session) {
    TableIds ids;
    for (const auto& [table, next] : k_id_tables) {
        const auto rows = session.query(
            "seed.max_id", fmt::format("SELECT COALESCE(MAX(id), 0) + 1 FROM {}", table));
        ids.*next = db::as_integer(rows.at(0).at(0));
    }
    return ids;
}

// The rows are right by construction, so nothing needs to be checked or to be on disk at once.
void hurry(Session& session) {
    switch (session.dialect()) {
    case db::Dialect::mysql:
        session.execute("seed", "SET SESSION foreign_key_checks = 0, unique_checks = 0");
        break;
    case db::Dialect::postgresql:
        session.execute("seed", "SET synchronous_commit = off");
        try {
            session.execute("seed", "SET session_replication_role = replica");
        } catch (const util::Error&) {
            // Not a superuser: the foreign keys are checked row by row.
        }
        break;
    case db::Dialect::sqlite:
        session.execute("seed", "PRAGMA foreign_keys = OFF");
        break;
    }
}

// Ids were given by hand; PostgreSQL has to be told.
void advance_sequences(Session& session, const TableIds& ids) {
    if (session.dialect() != db::Dialect::postgresql) {
        return;
    }
    for (const auto& [table, next] : k_id_tables) {
        session.query("seed.sequence",
                      fmt::format("SELECT setval(pg_get_serial_sequence('{}', 'id'), {}, false)",
                                  table, ids.*next));
    }
}

// Shared by the connections: hands out chunks of events in order, with their ids.
class Chunks {
public:
    Chunks(const SeedSettings& settings, const TableIds& ids) : m_plan(settings), m_ids(ids) {}

    struct Chunk {
        std::vector<std::pair<Event, TableIds>> events{};
    };

    Chunk take() {
        const std::lock_guard lock(m_mutex);
        Chunk chunk;
        const std::int64_t end = std::min(m_next + k_events_per_chunk, m_plan.events());
        for (; m_next < end; ++m_next) {
            const Event event = m_plan.event(m_next);
            chunk.events.emplace_back(event, m_ids);
            m_ids.advance(ids_of(event.legacy));
        }
        return chunk;
    }

    std::int64_t events() const { return m_plan.events(); }
    const TableIds& ids() const { return m_ids; }

private:
    SeedPlan m_plan;
    std::mutex m_mutex;
    std::int64_t m_next = 0;
    TableIds m_ids;
};

class Progress {
public:
    explicit Progress(std::int64_t total) : m_total(total) {}

    void add(std::int64_t events) {
        const std::lock_guard lock(m_mutex);
        m_done += events;
        if (Clock::now() - m_said > std::chrono::seconds(10)) {
            m_said = Clock::now();
            const double seconds = std::chrono::duration<double>(m_said - m_start).count();
            std::cerr << fmt::format("seed: {} of {}, {:.0f} per second\n", m_done, m_total,
                                     static_cast<double>(m_done) / seconds);
        }
    }

private:
    std::mutex m_mutex;
    std::int64_t m_total = 0;
    std::int64_t m_done = 0;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_said = Clock::now();
};

// One connection's part.
struct Worker {
    explicit Worker(const db::Address& address) : session(address), bulk(session.traits()) {}

    Session session;
    Bulk bulk;
    std::vector<Family> ledger{};
    TableIds garbage{};
    std::exception_ptr failure{};

    void work(Chunks& chunks, const std::vector<Id>& clients, Seconds now, Progress& progress,
              const std::atomic<bool>& stop) {
        try {
            SeedRows rows(clients, session.traits(), now);
            while (!stop) {
                const Chunks::Chunk chunk = chunks.take();
                if (chunk.events.empty()) {
                    break;
                }
                for (const auto& [event, ids] : chunk.events) {
                    rows.add(bulk, event, ids);
                }
                bulk.send(session);
                progress.add(static_cast<std::int64_t>(chunk.events.size()));
            }
            ledger = rows.ledger();
            garbage = rows.garbage();
        } catch (...) {
            failure = std::current_exception();
        }
    }
};

void add_result(SeedResult& result, Worker& worker) {
    if (worker.failure) {
        std::rethrow_exception(worker.failure);
    }
    for (std::size_t index = 0; index < k_bulk_tables; ++index) {
        result.rows[index] += worker.bulk.counts()[index];
    }
    for (const auto& [table, next] : k_id_tables) {
        result.garbage.*next += worker.garbage.*next;
    }
    std::move(worker.ledger.begin(), worker.ledger.end(), std::back_inserter(result.ledger));
}

void fill(Chunks& chunks, std::vector<Worker>& workers, const std::vector<Id>& clients, Seconds now,
          const std::atomic<bool>& stop) {
    Progress progress(chunks.events());
    std::vector<std::thread> threads;
    for (Worker& worker : workers) {
        threads.emplace_back([&] { worker.work(chunks, clients, now, progress, stop); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

}  // namespace

SeedResult seed(const db::Address& address, const SeedSettings& settings, int connections,
                const std::atomic<bool>& stop) {
    Session session(address);
    const std::vector<Id> clients = ensure_clients(session, settings.clients);
    SeedSettings timed = settings;
    timed.now = session.now();

    std::vector<Worker> workers;
    const int count = session.dialect() == db::Dialect::sqlite ? 1 : connections;
    workers.reserve(static_cast<std::size_t>(count));
    for (int index = 0; index < count; ++index) {
        hurry(workers.emplace_back(address).session);
    }
    const auto start = Clock::now();
    Chunks chunks(timed, first_ids(session));
    fill(chunks, workers, clients, timed.now, stop);
    SeedResult result{.events = chunks.events()};
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    advance_sequences(session, chunks.ids());
    for (Worker& worker : workers) {
        add_result(result, worker);
    }
    // Which connection took which chunk is chance.
    std::ranges::sort(result.ledger, {}, [](const Family& family) {
        return std::pair(family.holder ? family.holder->id : 0,
                         family.device ? family.device->id : 0);
    });
    std::vector<std::string> filled;
    for (std::size_t index = 0; index < k_bulk_tables; ++index) {
        if (result.rows[index] > 0) {
            filled.push_back(Bulk::table_name(static_cast<BulkTable>(index)));
        }
    }
    session.analyse(filled);
    return result;
}

nlohmann::json seed_report(const SeedSettings& settings, const SeedResult& result) {
    nlohmann::json rows = nlohmann::json::object();
    std::int64_t total = 0;
    for (std::size_t index = 0; index < k_bulk_tables; ++index) {
        rows[Bulk::table_name(static_cast<BulkTable>(index))] = result.rows[index];
        total += result.rows[index];
    }
    nlohmann::json garbage = nlohmann::json::object();
    for (const auto& [table, next] : k_id_tables) {
        garbage[std::string(table)] = result.garbage.*next;
    }
    const auto tokens = result.rows[static_cast<std::size_t>(BulkTable::access_token)];
    return {{"iam_sim", 1},
            {"seed", settings.seed},
            {"seconds", result.seconds},
            {"tokens_per_second", static_cast<double>(tokens) / std::max(result.seconds, 1e-9)},
            {"rows", rows},
            {"rows_total", total},
            {"garbage", garbage},
            {"living_families", result.ledger.size()}};
}

void print_seed(std::ostream& out, const nlohmann::json& report) {
    out << fmt::format("{} rows in {:.1f} s, {:.0f} access tokens per second; {} living families\n",
                       report["rows_total"].get<std::int64_t>(), report["seconds"].get<double>(),
                       report["tokens_per_second"].get<double>(),
                       report["living_families"].get<std::int64_t>());
    for (const auto& [table, count] : report["rows"].items()) {
        out << fmt::format("{:<40} {:>10}", table, count.get<std::int64_t>());
        if (report["garbage"].contains(table)) {
            out << fmt::format(", {} garbage", report["garbage"][table].get<std::int64_t>());
        }
        out << '\n';
    }
}

}  // namespace sim
