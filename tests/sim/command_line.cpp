// SPDX-License-Identifier: Apache-2.0
#include "sim/command_line.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

namespace sim {

namespace {

// What CLI11 fills first, and what is understood afterwards.
struct Words {
    std::string mix{};
    std::string lifetime{};
    std::vector<std::string> may_go{};
    double cleanup_pause_s = 10;
    bool expired_only = false;
};

double number(std::string_view text, const std::string& option) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) {
        throw CLI::ValidationError(option, "\"" + std::string(text) + "\" is not a number");
    }
    return value;
}

// "a=1,b=2" into pairs; without the separator the value is 1.
std::vector<std::pair<std::string, double>> weights(const std::string& text, char separator,
                                                    const std::string& option) {
    std::vector<std::pair<std::string, double>> pairs;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        const auto at = part.find(separator);
        pairs.emplace_back(std::string(part.substr(0, at)),
                           at == std::string_view::npos ? 1 : number(part.substr(at + 1), option));
    }
    return pairs;
}

void understand_mix(const std::string& text, ScheduleSettings& schedule) {
    if (text.empty()) {
        return;
    }
    schedule.mix.fill(0);
    for (const auto& [operation, weight] : weights(text, '=', "--mix")) {
        const auto known = operation_named(operation);
        if (!known || static_cast<std::size_t>(*known) >= k_starting_operations) {
            throw CLI::ValidationError("--mix", "no operation \"" + operation + "\"");
        }
        schedule.mix[static_cast<std::size_t>(*known)] = weight;
    }
}

void understand_lifetimes(const std::string& text, ScheduleSettings& schedule) {
    if (text.empty()) {
        return;
    }
    schedule.lifetimes.clear();
    for (const auto& [seconds, weight] : weights(text, ':', "--lifetime")) {
        schedule.lifetimes.push_back(
            {.seconds = static_cast<std::int64_t>(number(seconds, "--lifetime")),
             .weight = weight});
    }
}

// "client:3" or "user:0-49".
MayGo understood_may_go(const std::string& text) {
    const std::map<std::string, MayGo::What> kinds{{"client", MayGo::What::client},
                                                   {"tokens", MayGo::What::tokens},
                                                   {"plain", MayGo::What::plain},
                                                   {"user", MayGo::What::user}};
    const std::size_t colon = text.find(':');
    const auto kind = kinds.find(text.substr(0, colon));
    if (colon == std::string::npos || kind == kinds.end()) {
        throw CLI::ValidationError("--may-go", "\"" + text + "\" is not WHAT:NUMBER[-NUMBER]");
    }
    const std::string range = text.substr(colon + 1);
    const std::size_t dash = range.find('-');
    const auto bound = [&](const std::string& part) {
        return static_cast<int>(number(part, "--may-go"));
    };
    const int first = bound(range.substr(0, dash));
    return {.what = kind->second,
            .first = first,
            .last = dash == std::string::npos ? first : bound(range.substr(dash + 1))};
}

void may_go_option(CLI::App& command, Words& words) {
    command.add_option("--may-go", words.may_go,
                       "client:N everything of a client may be taken, tokens:N its access tokens, "
                       "plain:N those without user and refresh token, user:N tokens of a user; "
                       "N or N-N");
}

void common_options(CLI::App& command, CommandLine& result) {
    command.add_option("--database-url", result.database_url, "database, its schema loaded")
        ->required();
    command.add_option("--json", result.json, "write the report to this file as JSON");
}

void seed_options(CLI::App& command, CommandLine& result, Words& words) {
    SeedSettings& seed = result.seed;
    const std::map<std::string, Shape> shapes{{"flood", Shape::flood}, {"normal", Shape::normal}};
    common_options(command, result);
    command.add_option("--tokens", seed.tokens, "flood: tokens of the flood; normal: requests")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command.add_option("--shape", seed.shape, "flood or normal")
        ->transform(CLI::CheckedTransformer(shapes));
    command.add_option("--living-share", seed.living_share, "flood: living families per token")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command.add_option("--garbage-share", seed.garbage_share, "share of the tokens that expired")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command.add_flag("--expired-only", words.expired_only, "nothing but garbage");
    command.add_option("--age", seed.age, "garbage expired at least so many seconds ago")
        ->capture_default_str();
    command.add_option("--span", seed.span, "and within so many seconds")->capture_default_str();
    command.add_option("--seed", seed.seed, "same seed, same rows")->capture_default_str();
    command.add_option("--clients", seed.clients, "OAuth clients, the first 32 of the flood")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--connections", result.run.connections, "connections at once")
        ->check(CLI::PositiveNumber);
    command.add_option("--ledger", result.ledger, "write what has to stay to this file");
}

void cleanup_options(CLI::App& command, CommandLine& result, Words& words) {
    const std::map<std::string, CleanupKind> kinds{
        {"off", CleanupKind::off}, {"1.13", CleanupKind::v1_13}, {"1.14", CleanupKind::v1_14}};
    command.add_option("--server-gc", result.run.cleanup.kind, "the server's own clean-up")
        ->transform(CLI::CheckedTransformer(kinds));
    command.add_flag("--server-gc-orphans", result.run.cleanup.orphans,
                     "its slow clean-up of holders as well; no devices are approved then");
    command.add_option("--server-gc-pause", words.cleanup_pause_s, "seconds between its runs")
        ->capture_default_str();
}

void run_options(CLI::App& command, CommandLine& result, Words& words) {
    RunSettings& run = result.run;
    const std::map<std::string, ClearOnRefresh> clearing{{"off", ClearOnRefresh::off},
                                                         {"rows", ClearOnRefresh::rows},
                                                         {"bulk", ClearOnRefresh::bulk}};
    common_options(command, result);
    command.add_option("--connections", run.connections, "connections of the server")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--rate", run.schedule.rate, "requests per second")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--seconds", run.schedule.seconds, "length of the run")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--warmup", run.warmup_s, "seconds at the start that are not measured")
        ->check(CLI::NonNegativeNumber);
    command.add_flag("--drain", run.drain, "at SIGTERM answer the requests that are due first");
    command.add_option("--seed", run.schedule.seed, "same seed, same requests")
        ->capture_default_str();
    command.add_option("--clients", run.schedule.clients, "OAuth clients")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--mix", words.mix, "weights: client_credentials=50,authorize=10,...");
    command.add_option("--lifetime", words.lifetime,
                       "SECONDS of access tokens, or SECONDS:WEIGHT,...");
    command.add_option("--grace", run.grace_s, "seconds a row is promised after it expired");
    command
        .add_flag("--clear-on-refresh{bulk}", run.flows.clear_on_refresh,
                  "clients with even numbers clear: bulk (the flag alone) or =rows, =off")
        ->transform(CLI::CheckedTransformer(clearing));
    may_go_option(command, words);
    cleanup_options(command, result, words);
    command.add_option("--adopt", result.adopt, "ledgers of rows to work on and to check as well");
    command.add_option("--ledger", result.ledger, "write what is promised in the end to this file");
    command.add_option("--windows", result.windows_s,
                       "report issuance by windows of so many seconds");
}

void check_options(CLI::App& command, CommandLine& result, Words& words) {
    common_options(command, result);
    may_go_option(command, words);
    command.add_option("--ledger", result.adopt, "ledgers to check")->required();
    command.add_option("--grace", result.run.grace_s, "seconds a row is promised after it expired");
}

void understand(const Words& words, CommandLine& result) {
    understand_mix(words.mix, result.run.schedule);
    understand_lifetimes(words.lifetime, result.run.schedule);
    for (const std::string& text : words.may_go) {
        result.run.flows.may_go.push_back(understood_may_go(text));
    }
    result.run.cleanup.pause =
        std::chrono::milliseconds(static_cast<std::int64_t>(words.cleanup_pause_s * 1000));
    if (result.run.cleanup.orphans) {
        // The server's query does not know that an approved device code needs its holder.
        result.run.schedule.mix[static_cast<std::size_t>(Operation::device_create)] = 0;
    }
    if (words.expired_only) {
        result.seed.living_share = 0;
        result.seed.garbage_share = 1;
    }
}

}  // namespace

std::optional<int> parse_command_line(int argc, const char* const* argv, CommandLine& result) {
    CLI::App app("Behaves like an IAM server on its database, and remembers what it was promised.",
                 "iam-sim");
    app.require_subcommand(1);
    Words words;
    CLI::App* const seed = app.add_subcommand("seed", "fill a database");
    CLI::App* const run = app.add_subcommand("run", "play the server, then check the ledger");
    CLI::App* const check = app.add_subcommand("check", "compare ledgers with the database");
    seed_options(*seed, result, words);
    run_options(*run, result, words);
    check_options(*check, result, words);
    try {
        app.parse(argc, argv);
        understand(words, result);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? k_exit_ok : k_exit_usage;
    }
    if (seed->parsed()) {
        result.command = Command::seed;
    } else {
        result.command = run->parsed() ? Command::run : Command::check;
    }
    return std::nullopt;
}

}  // namespace sim
