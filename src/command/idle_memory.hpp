// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command/context.hpp"
#include "gc/idle.hpp"

#include <functional>
#include <memory>

namespace command {

// Throws Error(config) where refresh_unused is on and has no file, or drain is on as well.
void require_idle_file(const config::Config& config);

// What runs remember for refresh_unused, nothing where that is off; a file that is of no use is a
// warning in the log. Another run may change it as long as this one has not the lock of the run.
std::shared_ptr<const gc::IdleMemory> load_idle_memory(const config::Config& config);

// What keeps that for the next run, and throws util::Error when it cannot; empty without a file.
std::function<void(const gc::IdleMemory&)> idle_keeper(const config::Config& config);

}  // namespace command
