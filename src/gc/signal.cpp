// SPDX-License-Identifier: Apache-2.0
#include "gc/signal.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gc {

const SignalInfo& info(Signal signal) {
    const auto found = std::ranges::find(k_signals, signal, &SignalInfo::signal);
    if (found == k_signals.end()) {
        throw util::Error(util::ErrorKind::software,
                          "a signal is missing in the list of signals; please report this");
    }
    return *found;
}

std::string_view name(Signal signal) {
    return info(signal).name;
}

std::string value_text(Signal signal, double value) {
    constexpr double mebibyte = 1 << 20;
    switch (info(signal).unit) {
    case Unit::seconds:
        return fmt::format("{:.{}f} s", value, value < 10 && value != std::floor(value) ? 1 : 0);
    case Unit::bytes:
        return value < mebibyte ? fmt::format("{:.0f} bytes", value)
                                : fmt::format("{:.0f} MiB", value / mebibyte);
    case Unit::share:
        return fmt::format("{:.0f} %", value * 100);
    case Unit::count:
    case Unit::flag:
        return fmt::format("{:.0f}", value);
    }
    return {};
}

SignalSettings default_signals() {
    SignalSettings signals;
    for (const SignalInfo& known : k_signals) {
        signals[known.signal] = known.defaults;
    }
    return signals;
}

}  // namespace gc
