// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "util/log_record.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace util {

// Chooses what is logged, and whether as text or as JSON lines. Before it is called: text from
// level info up.
void configure_log(LogLevel level, bool json);

// Writes a record to stderr if its level is wanted. Never throws and never ends the process when
// stderr is closed or full. The event is a stable name that programs key off; the message is prose.
// For example:
//   log_event(LogLevel::info, "batch", {{"target", "access_token"}, {"rows", 2000}}, "Removed a
//   batch");
void log_event(LogLevel level, const std::string& event, std::vector<LogField> fields,
               const std::string& message) noexcept;

// Records without fields; the event is "message".
template <typename... Arguments>
void log_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log_event(LogLevel::error, "message", {},
              fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <typename... Arguments>
void log_warning(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log_event(LogLevel::warning, "message", {},
              fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <typename... Arguments>
void log_info(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log_event(LogLevel::info, "message", {},
              fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <typename... Arguments>
void log_debug(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    log_event(LogLevel::debug, "message", {},
              fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace util
