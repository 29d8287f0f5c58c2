// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gc/signal.hpp"
#include "gc/window.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How the values of the section throttle are written. Every parse function throws Error(config)
// with a text that starts with the value, unless it may hold a password.
namespace config {

// "off", "on" for the signal's usual limit, "LIMIT", or "LIMIT/CRITICAL" with the critical level
// not below the limit.
gc::SignalLimits parse_signal_limits(gc::Signal signal, std::string_view text);
std::string print_signal_limits(gc::Signal signal, const gc::SignalLimits& limits);

// What parse_signal_limits takes for this signal, for help texts.
std::string signal_limits_shape(gc::Signal signal);

// "01:00-05:00", or empty.
std::optional<gc::Window> parse_window(std::string_view text);

// Stands for the replicas that the server knows of.
inline constexpr std::string_view k_discover = "discover";

// URLs, or that word, with blanks between them.
std::vector<std::string> parse_replicas(std::string_view text);

}  // namespace config
