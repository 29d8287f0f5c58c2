// SPDX-License-Identifier: Apache-2.0
#include "command/idle_memory.hpp"

#include "command/address.hpp"
#include "report/idle_file.hpp"
#include "util/error.hpp"
#include "util/log.hpp"

#include <utility>

namespace command {

void require_idle_file(const config::Config& config) {
    const gc::EarlySettings& early = config.gc.early;
    if (early.refresh_unused.age.count() == 0) {
        return;
    }
    if (early.refresh_unused.file.empty()) {
        throw util::Error(util::ErrorKind::config,
                          "refresh_unused.age is set and refresh_unused.file is not; nothing in "
                          "the database tells when a refresh token was used, so name a file in "
                          "which runs remember what they saw");
    }
    if (early.drain != gc::EarlyMode::off) {
        throw util::Error(util::ErrorKind::config,
                          "refresh_unused and drain do not go together: drain is for a server "
                          "that does not store access tokens, and without them nothing tells "
                          "when a refresh token was used");
    }
}

std::shared_ptr<const gc::IdleMemory> load_idle_memory(const config::Config& config) {
    const gc::RefreshUnusedSettings& unused = config.gc.early.refresh_unused;
    if (unused.age.count() == 0) {
        return unused.memory;
    }
    report::LoadedIdle loaded = report::load_idle(unused.file, database_name(config));
    if (!loaded.warning.empty()) {
        util::log_warning("{}", loaded.warning);
    }
    return std::make_shared<const gc::IdleMemory>(std::move(loaded.memory));
}

std::function<void(const gc::IdleMemory&)> idle_keeper(const config::Config& config) {
    const std::string& file = config.gc.early.refresh_unused.file;
    if (file.empty()) {
        return {};
    }
    return [file, database = database_name(config)](const gc::IdleMemory& memory) {
        report::save_idle(file, database, memory);
    };
}

}  // namespace command
