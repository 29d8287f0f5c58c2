// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "db/health.hpp"
#include "support/eventually.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace test {

using Readings = std::vector<gc::Reading>;

inline std::set<gc::Signal> all_signals() {
    std::set<gc::Signal> signals;
    for (const gc::SignalInfo& signal : gc::k_signals) {
        signals.insert(signal.signal);
    }
    return signals;
}

inline db::HealthOptions options_for(const std::string& url) {
    return {.server = db::parse_url(url),
            .signals = all_signals(),
            .connect = [](const db::Address& address) { return db::connect(address, {}); }};
}

inline std::optional<double> value_of(const Readings& readings, gc::Signal signal) {
    for (const gc::Reading& reading : readings) {
        if (reading.signal == signal) {
            return reading.value;
        }
    }
    return std::nullopt;
}

inline bool has(const Readings& readings, gc::Signal signal) {
    return std::ranges::any_of(
        readings, [&](const gc::Reading& reading) { return reading.signal == signal; });
}

}  // namespace test
