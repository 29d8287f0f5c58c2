// SPDX-License-Identifier: Apache-2.0
#include "command/history.hpp"

#include "command/address.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <algorithm>

namespace command {

report::State load_history(const Context& context) {
    const config::Config& config = context.config();
    const std::string database = database_name(config);
    if (config.state_file.empty()) {
        return {.database = database};
    }
    report::LoadedState loaded = report::load_state(config.state_file, database);
    if (!loaded.warning.empty()) {
        util::log_warning("{}", loaded.warning);
    }
    return std::move(loaded.state);
}

void save_history(const Context& context, const report::State& state) {
    const std::string& path = context.config().state_file;
    if (path.empty()) {
        return;
    }
    try {
        report::save_state(path, state);
    } catch (const util::Error& error) {
        util::log_warning("{}", error.what());
    }
}

void remember_run(const Context& context, const report::RunDocument& document) {
    const gc::RunReport& run = document.run;
    const auto tokens = run.tally.find(gc::Target::access_token);
    if (context.config().state_file.empty() || run.dry_run || tokens == run.tally.end()) {
        return;
    }
    const std::int64_t removed = tokens->second.removed;
    const auto milliseconds = std::max<std::int64_t>(1, run.elapsed.count());
    report::State state = load_history(context);
    state.last_run = report::LastRun{.at = run.plan.clock.now,
                                     .removed = removed,
                                     .tokens_per_second = 1000 * static_cast<double>(removed) /
                                                          static_cast<double>(milliseconds),
                                     .stop_reason = document.stop_reason};
    state.removed = run.removed_by_client;
    save_history(context, state);
}

}  // namespace command
