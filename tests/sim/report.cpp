// SPDX-License-Identifier: Apache-2.0
#include "sim/report.hpp"

#include <fmt/format.h>

#include <limits>
#include <string>

namespace sim {

namespace {

using nlohmann::json;

constexpr std::int64_t k_end = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t k_damages_printed = 20;

double milliseconds(std::int64_t microseconds) {
    return static_cast<double>(microseconds) / 1e3;
}

json figures(const LatencySummary& summary) {
    return {{"count", summary.count},
            {"p50_ms", milliseconds(summary.p50)},
            {"p90_ms", milliseconds(summary.p90)},
            {"p99_ms", milliseconds(summary.p99)},
            {"max_ms", milliseconds(summary.max)}};
}

json operations(const Tally& tally, std::int64_t from_us) {
    json list = json::object();
    for (std::size_t index = 0; index < k_operations; ++index) {
        const auto operation = static_cast<Operation>(index);
        json entry = figures(latencies(
            tally, [&](Operation other) { return other == operation; }, from_us, k_end));
        entry["skipped"] = tally.skipped[index];
        list[std::string(name(operation))] = std::move(entry);
    }
    return list;
}

json windows(const RunSettings& settings, const RunResult& result, std::int64_t windows_s) {
    json list = json::array();
    for (std::int64_t at = 0; windows_s > 0 && at < settings.schedule.seconds; at += windows_s) {
        json entry =
            figures(latencies(result.tally, issues, at * 1'000'000, (at + windows_s) * 1'000'000));
        entry["from"] = result.started + at;
        list.push_back(std::move(entry));
    }
    return list;
}

json errors(const Tally& tally) {
    json list = json::array();
    for (const auto& [key, failed] : tally.failures) {
        list.push_back({{"place", key.first},
                        {"kind", key.second},
                        {"count", failed.count},
                        {"first", failed.first}});
    }
    return list;
}

void print_figures(std::ostream& out, const std::string& what, const json& entry) {
    out << fmt::format("{:<20} {:>8} {:>9.2f} {:>9.2f} {:>9.2f} {:>9.2f} {:>8}\n", what,
                       entry["count"].get<std::int64_t>(), entry["p50_ms"].get<double>(),
                       entry["p90_ms"].get<double>(), entry["p99_ms"].get<double>(),
                       entry["max_ms"].get<double>(), entry.value("skipped", std::int64_t{0}));
}

}  // namespace

json check_report(const CheckResult& check) {
    return {{"families", check.families},
            {"rows", check.rows},
            {"intact", check.intact()},
            {"damages", check.damage_count},
            {"damaged", check.damages}};
}

json run_report(const RunSettings& settings, const RunResult& result, std::int64_t windows_s) {
    const std::int64_t from_us = settings.warmup_s * 1'000'000;
    const auto all = [](Operation) { return true; };
    json report{{"iam_sim", 1},
                {"seed", settings.schedule.seed},
                {"rate", settings.schedule.rate},
                {"connections", settings.connections},
                {"started", result.started},
                {"seconds", result.seconds},
                {"operations", operations(result.tally, from_us)},
                {"issuance", figures(latencies(result.tally, issues, from_us, k_end))},
                {"all", figures(latencies(result.tally, all, from_us, k_end))},
                {"errors", errors(result.tally)},
                {"reconnections", result.tally.reconnections},
                {"ledger", check_report(result.check)},
                {"ok", result.tally.failures.empty() && result.check.intact()}};
    if (windows_s > 0) {
        report["windows"] = windows(settings, result, windows_s);
    }
    if (settings.cleanup.kind != CleanupKind::off) {
        report["server_gc"] = {{"runs", result.cleanup.runs},
                               {"tokens", result.cleanup.tokens},
                               {"tokens_gone_before", result.cleanup.tokens_gone_before},
                               {"holders", result.cleanup.holders},
                               {"transactions", figures(result.cleanup.transactions)}};
    }
    return report;
}

void print_run(std::ostream& out, const json& report) {
    out << fmt::format("{:.1f} s at {} requests/s on {} connections, seed {}\n",
                       report["seconds"].get<double>(), report["rate"].get<double>(),
                       report["connections"].get<int>(), report["seed"].get<std::uint64_t>());
    out << fmt::format("{:<20} {:>8} {:>9} {:>9} {:>9} {:>9} {:>8}\n", "latency, ms", "count",
                       "p50", "p90", "p99", "max", "skipped");
    for (const auto& [operation, entry] : report["operations"].items()) {
        print_figures(out, operation, entry);
    }
    print_figures(out, "issuance", report["issuance"]);
    print_figures(out, "all", report["all"]);
    if (report.contains("server_gc")) {
        const json& gc = report["server_gc"];
        out << fmt::format("server clean-up: {} runs, {} tokens, {} gone before, {} holders\n",
                           gc["runs"].get<std::int64_t>(), gc["tokens"].get<std::int64_t>(),
                           gc["tokens_gone_before"].get<std::int64_t>(),
                           gc["holders"].get<std::int64_t>());
        print_figures(out, "  transactions", gc["transactions"]);
    }
    for (const json& error : report["errors"]) {
        out << fmt::format("error: {} x {} in {}, first: {}\n", error["count"].get<std::int64_t>(),
                           error["kind"].get<std::string>(), error["place"].get<std::string>(),
                           error["first"].get<std::string>());
    }
    print_check(out, report["ledger"]);
}

void print_check(std::ostream& out, const json& report) {
    out << fmt::format("ledger: {} families, {} rows promised, {}\n",
                       report["families"].get<std::int64_t>(), report["rows"].get<std::int64_t>(),
                       report["intact"].get<bool>()
                           ? "all there"
                           : fmt::format("{} damages", report["damages"].get<std::int64_t>()));
    for (std::size_t index = 0; index < report["damaged"].size(); ++index) {
        if (index == k_damages_printed) {
            out << "damage: and more\n";
            break;
        }
        out << "damage: " << report["damaged"][index].get<std::string>() << '\n';
    }
}

}  // namespace sim
