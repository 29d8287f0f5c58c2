// SPDX-License-Identifier: Apache-2.0
// How the answers of servers become readings; the servers here say what a test wants them to.
#include "db/health.hpp"
#include "util/error.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using db::Dialect;
using db::Rows;
using gc::Reading;
using gc::Signal;
using namespace std::chrono_literals;

namespace {

// Answers each statement by the name in its comment; one without an answer fails.
struct Script {
    std::map<std::string, Rows> answers{};
    Dialect dialect = Dialect::mysql;
    bool mariadb = true;
};

class ScriptedConnection final : public db::Connection {
public:
    explicit ScriptedConnection(const Script& script) : m_script(script) {}

    using Connection::execute;
    using Connection::query;
    Rows query(std::string_view sql, std::span<const db::Value> /*parameters*/) override {
        for (const auto& [name, rows] : m_script.answers) {
            if (sql.find(" " + name + " ") != std::string_view::npos) {
                return rows;
            }
        }
        throw util::Error(util::ErrorKind::permission, "no right for " + std::string(sql));
    }
    Rows query_with_names(std::string_view sql) override { return query(sql); }
    std::int64_t execute(std::string_view, std::span<const db::Value>) override { return 0; }
    void begin() override {}
    void commit() override {}
    void rollback() noexcept override {}
    Dialect dialect() const noexcept override { return m_script.dialect; }
    std::string server() const override { return "scripted"; }
    bool is_mariadb() const noexcept override { return m_script.mariadb; }
    std::int64_t statements() const noexcept override { return 0; }

private:
    const Script& m_script;
};

// A server of that script with every signal wanted, and a clock of its own.
struct Server {
    Script script{};
    std::chrono::steady_clock::time_point time{};
    std::vector<std::string> connected{};  // hosts, in turn
    std::map<std::string, Script> others{};
    bool discover = false;
    std::unique_ptr<gc::HealthSource> health{};

    std::vector<Reading> read() {
        if (!health) {
            db::HealthOptions options{.discover = discover};
            options.server = {.dialect = script.dialect, .host = "db1"};
            for (const gc::SignalInfo& signal : gc::k_signals) {
                options.signals.insert(signal.signal);
            }
            options.now = [this] { return time; };
            options.connect = [this](const db::Address& address) {
                connected.push_back(address.host);
                const auto other = others.find(address.host);
                return std::make_unique<ScriptedConnection>(other == others.end() ? script
                                                                                  : other->second);
            };
            health = db::make_health(options);
        }
        return health->read();
    }

    // Readings of one signal.
    std::vector<Reading> read(Signal signal) {
        std::vector<Reading> readings = read();
        std::erase_if(readings, [&](const Reading& reading) { return reading.signal != signal; });
        return readings;
    }
};

Rows status(const std::string& running, const std::string& held = "0",
            const std::string& state = "4", const std::string& component = "Primary") {
    return {{"Threads_running", running},
            {"Innodb_history_list_length", "12"},
            {"wsrep_flow_control_paused_ns", held},
            {"wsrep_local_recv_queue", "3"},
            {"wsrep_local_state", state},
            {"wsrep_local_state_comment", state == "4" ? "Synced" : "Donor/Desynced"},
            {"wsrep_cluster_status", component}};
}

Server galera() {
    Server server;
    server.script.answers = {{"health.galera", {{"wsrep_on", "ON"}}},
                             {"health.status", status("1")}};
    return server;
}

Server postgresql() {
    Server server;
    server.script.dialect = Dialect::postgresql;
    server.script.answers = {{"health.sees_all", {{"t"}}},
                             {"health.sessions", {{"4"}}},
                             {"health.xmin_age", {{"5"}}},
                             {"health.dead_rows", {{"6"}}},
                             {"health.replicas", {}}};
    return server;
}

db::Row standby(const std::string& name, const std::string& replayed, const db::Cell& lag,
                const std::string& bytes) {
    return {name, "streaming", replayed, lag, bytes};
}

}  // namespace

TEST_CASE("flow control is the share of the time since the last look, and 0 at the first") {
    Server server = galera();
    const auto share = [&](const std::string& held) {
        server.script.answers["health.status"] = status("1", held);
        return *server.read(Signal::flow_control).at(0).value;
    };
    CHECK(share("900000000000") == 0.0);
    server.time += 2s;
    CHECK(share("900500000000") == doctest::Approx(0.25));
    server.time += 10s;
    CHECK(share("900500000000") == 0.0);
    server.time += 1s;
    CHECK(share("1") == 0.0);  // somebody reset the counters
}

TEST_CASE("a Galera node is fit only when it is Synced in a Primary component") {
    Server server = galera();
    const auto unfit = [&](const std::string& state, const std::string& component) {
        server.script.answers["health.status"] = status("1", "0", state, component);
        return *server.read(Signal::node_state).at(0).value;
    };
    CHECK(unfit("4", "Primary") == 0.0);
    CHECK(unfit("2", "Primary") == 1.0);
    CHECK(unfit("4", "non-Primary") == 1.0);
    CHECK(unfit("", "") == 1.0);
}

TEST_CASE("a server outside of a cluster has no signals of one") {
    Server server = galera();
    for (const Rows& off : {Rows{}, Rows{{"wsrep_on", "OFF"}}}) {
        server.script.answers["health.galera"] = off;
        server.health.reset();
        CHECK(server.read(Signal::flow_control).empty());
        CHECK(server.read(Signal::receive_queue).empty());
        CHECK(server.read(Signal::node_state).empty());
    }
}

TEST_CASE("a status that the server does not tell is a signal that could not be read") {
    Server server = galera();
    server.script.answers["health.status"] = {{"Threads_running", "many"}};
    for (const Signal signal :
         {Signal::sessions, Signal::history_list, Signal::flow_control, Signal::receive_queue}) {
        CAPTURE(gc::name(signal));
        REQUIRE(server.read(signal).size() == 1);
        CHECK_FALSE(server.read(signal).at(0).value);
    }
}

TEST_CASE("MySQL without the right for its history is unread in that alone") {
    Server server = galera();
    server.script.mariadb = false;
    CHECK_FALSE(server.read(Signal::history_list).at(0).value);
    CHECK(server.read(Signal::sessions).at(0).value == 0.0);
    server.script.answers["health.history_list"] = {{"77"}};
    CHECK(server.read(Signal::history_list).at(0).value == 77.0);
}

TEST_CASE("replicas are discovered by host and port, and one without a host is unread") {
    Server server = galera();
    server.discover = true;
    server.script.answers["health.replicas_of_mariadb"] = {{"2", "db2", "3307", "1"},
                                                           {"3", "", "3306", "1"}};
    server.others["db2"].answers = {
        {"health.replica_of_mariadb", {{"Seconds_Behind_Master"}, {"9"}}}};
    const auto lags = server.read(Signal::replica_lag);
    REQUIRE(lags.size() == 2);
    CHECK(lags[0].of == "server id 3");
    CHECK_FALSE(lags[0].value);
    CHECK(lags[1].of == "db2:3307");
    CHECK(lags[1].value == 9.0);
    CHECK(server.connected == std::vector<std::string>{"db1", "db2"});
}

TEST_CASE("without the right to discover replicas their lag is unread") {
    Server server = galera();
    server.discover = true;
    const auto lags = server.read(Signal::replica_lag);
    REQUIRE(lags.size() == 1);
    CHECK_FALSE(lags[0].value);
}

TEST_CASE("PostgreSQL without replicas has no lag") {
    Server server = postgresql();
    CHECK(server.read(Signal::replica_lag).empty());
    CHECK(server.read(Signal::sessions).at(0).value == 4.0);
    CHECK(server.read(Signal::xmin_age).at(0).value == 5.0);
    CHECK(server.read(Signal::dead_rows).at(0).value == 6.0);
}

TEST_CASE("each replica of PostgreSQL has its lag in seconds and in bytes, 0 when it is idle") {
    Server server = postgresql();
    server.script.answers["health.replicas"] = {standby("a", "0/1", "2.5", "100"),
                                                standby("b", "0/2", std::nullopt, "0")};
    const auto lags = server.read(Signal::replica_lag);
    REQUIRE(lags.size() == 2);
    CHECK(lags[0].of == "a");
    CHECK(lags[0].value == 2.5);
    CHECK(lags[1].value == 0.0);
    CHECK(server.read(Signal::replica_bytes).at(0).value == 100.0);
}

TEST_CASE("a replica that is behind and does not move lags for as long as that is seen") {
    Server server = postgresql();
    const auto lag = [&](const std::string& replayed, const std::string& bytes) {
        server.script.answers["health.replicas"] = {standby("a", replayed, "0.1", bytes)};
        return *server.read(Signal::replica_lag).at(0).value;
    };
    CHECK(lag("0/1", "50") == 0.1);
    server.time += 30s;
    CHECK(lag("0/1", "500") == 30.0);
    server.time += 30s;
    CHECK(lag("0/2", "500") == 0.1);
    server.time += 30s;
    CHECK(lag("0/2", "0") == 0.1);  // nothing to replay
    server.time += 30s;
    CHECK(lag("0/2", "10") == 30.0);
}

TEST_CASE(
    "a replica that was there and is gone is one whose lag cannot be read, until it is back") {
    Server server = postgresql();
    server.script.answers["health.replicas"] = {standby("a", "0/1", "0", "0")};
    CHECK(server.read(Signal::replica_lag).at(0).value);
    server.script.answers["health.replicas"] = {};
    REQUIRE(server.read(Signal::replica_lag).size() == 1);
    CHECK_FALSE(server.read(Signal::replica_lag).at(0).value);
    CHECK(server.read(Signal::replica_lag).at(0).of == "a");
    server.script.answers["health.replicas"] = {standby("a", "0/9", "0", "0")};
    REQUIRE(server.read(Signal::replica_lag).size() == 1);
    CHECK(server.read(Signal::replica_lag).at(0).value);
}

TEST_CASE("two replicas of one name are told apart") {
    Server server = postgresql();
    server.script.answers["health.replicas"] = {standby("a", "0/1", "1", "10"),
                                                standby("a", "0/2", "2", "20")};
    for (int look = 0; look < 3; ++look) {
        const auto lags = server.read(Signal::replica_lag);
        REQUIRE(lags.size() == 2);
        CHECK(*lags[0].value == (look == 0 ? 1.0 : 10.0 * look));
        CHECK(*lags[1].value == (look == 0 ? 2.0 : 10.0 * look));
        server.time += 10s;
    }
}

TEST_CASE("a replica that the account may not look at has a lag that cannot be read") {
    Server server = postgresql();
    server.script.answers["health.sees_all"] = {{"f"}};
    server.script.answers["health.replicas"] = {
        {"walreceiver", std::nullopt, std::nullopt, std::nullopt, std::nullopt}};
    REQUIRE(server.read(Signal::replica_lag).size() == 1);
    CHECK_FALSE(server.read(Signal::replica_lag).at(0).value);
    CHECK_FALSE(server.read(Signal::replica_bytes).at(0).value);
    CHECK_FALSE(server.read(Signal::sessions).at(0).value);
    CHECK(server.read(Signal::dead_rows).at(0).value == 6.0);
}
