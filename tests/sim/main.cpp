// SPDX-License-Identifier: Apache-2.0
#include "sim/command_line.hpp"
#include "sim/ledger_file.hpp"
#include "sim/report.hpp"
#include "sim/run.hpp"
#include "sim/seed.hpp"
#include "util/error.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

std::atomic<bool> stop_requested{false};

extern "C" void request_stop(int) {
    stop_requested = true;
}

// An empty path means nobody asked for the file.
template <typename Write>
void write_file(const std::string& path, const Write& write) {
    if (path.empty()) {
        return;
    }
    std::ofstream file(path);
    write(file);
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path);
    }
}

void write_json(const std::string& path, const nlohmann::json& report) {
    write_file(path, [&](std::ostream& out) { out << report.dump(2) << '\n'; });
}

std::vector<sim::Family> read_ledgers(const std::vector<std::string>& paths) {
    std::vector<sim::Family> families;
    for (const std::string& path : paths) {
        std::ifstream file(path);
        if (!file) {
            throw std::runtime_error("cannot read the ledger " + path);
        }
        for (sim::Family& family : sim::read_ledger(file)) {
            families.push_back(std::move(family));
        }
    }
    return families;
}

int seed(const sim::CommandLine& options) {
    const auto result = sim::seed(db::parse_url(options.database_url), options.seed,
                                  options.run.connections, stop_requested);
    const auto report = sim::seed_report(options.seed, result);
    write_file(options.ledger, [&](std::ostream& out) { sim::write_ledger(out, result.ledger); });
    write_json(options.json, report);
    sim::print_seed(std::cout, report);
    return sim::k_exit_ok;
}

int exit_code(const sim::CheckResult& check, bool has_errors) {
    if (!check.intact()) {
        return sim::k_exit_damaged;
    }
    return has_errors ? sim::k_exit_errors : sim::k_exit_ok;
}

int run(sim::CommandLine& options) {
    options.run.adopted = read_ledgers(options.adopt);
    const auto result = sim::run(db::parse_url(options.database_url), options.run, stop_requested);
    const auto report = sim::run_report(options.run, result, options.windows_s);
    write_file(options.ledger, [&](std::ostream& out) { sim::write_ledger(out, result.ledger); });
    write_json(options.json, report);
    sim::print_run(std::cout, report);
    return exit_code(result.check, !result.tally.failures.empty());
}

int check(const sim::CommandLine& options) {
    sim::Session session(db::parse_url(options.database_url));
    const auto result = sim::check_families(
        session, sim::promised_now(session, read_ledgers(options.adopt), options.run.grace_s,
                                   options.run.flows.may_go));
    const auto report = sim::check_report(result);
    write_json(options.json, report);
    sim::print_check(std::cout, report);
    return exit_code(result, false);
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    try {
        sim::CommandLine options;
        if (const auto code = sim::parse_command_line(argc, argv, options)) {
            return *code;
        }
        switch (options.command) {
        case sim::Command::seed:
            return seed(options);
        case sim::Command::run:
            return run(options);
        case sim::Command::check:
            return check(options);
        }
    } catch (const util::Error& error) {
        std::cerr << "iam-sim: " << error.what() << '\n';
        return util::exit_code(error.kind());
    } catch (const std::exception& error) {
        std::cerr << "iam-sim: " << error.what() << '\n';
        return util::exit_code(util::ErrorKind::software);
    }
    return util::exit_code(util::ErrorKind::software);
}
