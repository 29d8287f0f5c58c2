// SPDX-License-Identifier: Apache-2.0
#include "config/throttle_keys.hpp"

#include "config/key_builders.hpp"
#include "config/signal_limits.hpp"
#include "util/url.hpp"

#include <algorithm>
#include <chrono>

namespace config {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;

std::string signal_help(gc::Signal signal) {
    switch (signal) {
    case gc::Signal::sessions:
        return "Sessions that are at work in the server";
    case gc::Signal::replica_lag:
        return "How far a replica is behind: those of PostgreSQL, and those in throttle.replicas";
    case gc::Signal::replica_bytes:
        return "How many bytes of log a replica of PostgreSQL is behind";
    case gc::Signal::flow_control:
        return "Share of the time in which Galera holds back its nodes";
    case gc::Signal::receive_queue:
        return "Write sets that wait on this Galera node";
    case gc::Signal::node_state:
        return "Wait while this Galera node is not Synced";
    case gc::Signal::history_list:
        return "Transactions that InnoDB has yet to purge; MySQL asks for the right PROCESS";
    case gc::Signal::xmin_age:
        return "Warn when PostgreSQL's oldest snapshot lies back that many transactions";
    case gc::Signal::dead_rows:
        return "Warn when PostgreSQL has yet to vacuum that many rows of the token tables";
    case gc::Signal::pause_file:
        return {};
    }
    return {};
}

// "replica_lag" as --replica-lag.
std::string option_of(std::string_view name) {
    std::string option = fmt::format("--{}", name);
    std::ranges::replace(option, '_', '-');
    return option;
}

Key signal_key(const gc::SignalInfo& signal) {
    const gc::Signal which = signal.signal;
    return {.path = fmt::format("throttle.{}", signal.name),
            .option = option_of(signal.name),
            .placeholder = "LIMITS",
            .type = ValueType::text,
            .help = fmt::format("{}: {}", signal_help(which), signal_limits_shape(which)),
            .parse =
                [=](Config& config, std::string_view text) {
                    config.gc.throttle.signals[which] = parse_signal_limits(which, text);
                },
            .print =
                [=](const Config& config) {
                    return print_signal_limits(which, config.gc.throttle.signals.at(which));
                }};
}

Key replicas_key() {
    return {.path = "throttle.replicas",
            .option = "--replicas",
            .placeholder = "URLS",
            .type = ValueType::text,
            .help =
                "Replicas of MySQL or MariaDB whose lag counts: URLs such as "
                "mysql://user@replica:3306 with blanks between them, or discover to ask the "
                "server for them; empty for none",
            .parse = [](Config& config,
                        std::string_view text) { config.database.replicas = parse_replicas(text); },
            .print =
                [](const Config& config) {
                    std::string text;
                    for (const std::string& replica : config.database.replicas) {
                        text += text.empty() ? "" : " ";
                        text += replica == k_discover ? replica : util::without_password(replica);
                    }
                    return text;
                }};
}

Key window_key() {
    return {.path = "throttle.window",
            .option = "--window",
            .placeholder = "HH:MM-HH:MM",
            .type = ValueType::text,
            .help =
                "The part of the day in which the run works, by this machine's clock; it waits "
                "for the window to open and stops when it closes; empty for any time",
            .parse = [](Config& config,
                        std::string_view text) { config.gc.throttle.window = parse_window(text); },
            .print =
                [](const Config& config) {
                    const auto& window = config.gc.throttle.window;
                    return window ? gc::to_string(*window) : std::string{};
                }};
}

Key pause_file_key() {
    return {
        .path = "throttle.pause_file",
        .option = "--pause-file",
        .placeholder = "FILE",
        .type = ValueType::text,
        .help = "Wait while this file exists; empty for none",
        .parse = [](Config& config,
                    std::string_view text) { config.gc.throttle.pause_file = parse_text(text); },
        .print = [](const Config& config) { return config.gc.throttle.pause_file; }};
}

Key watch_blocking_key() {
    Key key = flag_key(
        {"throttle.watch_blocking", "--watch-blocking",
         "Take smaller batches when another session waits for a lock of the run"},
        [](auto& config) -> auto& { return config.gc.throttle.watch_blocking; });
    // It is on by default, so its option has to be able to say false.
    key.placeholder = "BOOL";
    return key;
}

}  // namespace

void add_throttle_keys(std::vector<Key>& keys) {
    keys.push_back(number_key(
        {"throttle.busy_share", "--busy-share",
         "Share of the run's time in which it works, it pauses for the rest"},
        {0.01, 1.0}, [](auto& config) -> auto& { return config.gc.throttle.busy_share; }));
    keys.push_back(whole_number_key(
        {"throttle.rows_per_second", "--rows-per-second",
         "Rows that a run touches in a second at most, satellites included, 0 for no limit"},
        {0, k_no_limit}, [](auto& config) -> auto& { return config.gc.throttle.rows_per_second; }));
    for (const gc::SignalInfo& signal : gc::k_signals) {
        if (signal.signal != gc::Signal::pause_file) {
            keys.push_back(signal_key(signal));
        }
    }
    keys.push_back(replicas_key());
    keys.push_back(pause_file_key());
    keys.push_back(window_key());
    keys.push_back(duration_key(
        {"throttle.interval", "--throttle-interval",
         "How long the run goes on before it looks at these signals again"},
        {100ms, 1min}, [](auto& config) -> auto& { return config.gc.throttle.interval; }));
    keys.push_back(duration_key(
        {"throttle.max_wait", "--max-wait",
         "How long a signal may hold the run up before it gives up, 0s for ever"},
        {0s, days{30}}, [](auto& config) -> auto& { return config.gc.throttle.max_wait; }));
    keys.push_back(watch_blocking_key());
    keys.push_back(flag_key(
        {"throttle.full_speed", "--full-speed",
         "Only for an emergency: no pauses, no signals, no window, batches of 100ms at least, "
         "whatever else is set"},
        [](auto& config) -> auto& { return config.gc.throttle.full_speed; }));
}

void add_safety_keys(std::vector<Key>& keys) {
    keys.push_back(whole_number_key(
        {"safety.max_unexpired_rows", "--max-unexpired-rows",
         "Rows not yet expired that a run may remove; only policies that are off by default "
         "choose any"},
        {0, k_no_limit},
        [](auto& config) -> auto& { return config.gc.safety.max_unexpired_rows; }));
    keys.push_back(number_key(
        {"safety.max_unexpired_share", "--max-unexpired-share",
         "The same as a share of the rows that a run removes; the larger of the two counts"},
        {0.0, 1.0}, [](auto& config) -> auto& { return config.gc.safety.max_unexpired_share; }));
    keys.push_back(number_key(
        {"safety.tolerance", "--safety-tolerance",
         "By which share, or by 10000 rows if that is more, a run may remove more than had expired "
         "when it began"},
        {0.0, 100.0}, [](auto& config) -> auto& { return config.gc.safety.tolerance; }));
}

}  // namespace config
