// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_line.hpp"
#include "config/load.hpp"
#include "db/blocking.hpp"
#include "db/connection.hpp"
#include "db/sql_store.hpp"
#include "report/document.hpp"
#include "util/stop.hpp"

#include <memory>
#include <string>

namespace command {

// What every command has at hand.
struct Context {
    const cli::Invocation& invocation;
    const config::Loaded& loaded;
    const util::Signals& signals;

    const config::Config& config() const { return loaded.config; }
};

// Opens a session as the configuration says; read-only sessions refuse every write. Throws
// util::Error.
std::unique_ptr<db::Connection> open_connection(const config::Config& config, bool read_only);

// A store over such a session, which can open another when it is lost. The watch, if there is one,
// is shown every transaction and must outlive the store.
std::unique_ptr<db::SqlStore> open_store(const config::Config& config, bool read_only,
                                         db::BlockingWatch* watch = nullptr);

// The head of this command's reports, as far as it is known before there is a connection.
report::Head make_head(const Context& context, const std::string& command);

// The same, with what the schema tells.
void fill(report::Head& head, const gc::Schema& schema);

// Prints a finished text to where the configuration wants the report; throws Error(io).
void print(const Context& context, const std::string& text);

// 0, or 128 + the number of the signal that asked to stop.
int exit_code_after(const util::Signals& signals);

bool wants_json(const Context& context);

}  // namespace command
