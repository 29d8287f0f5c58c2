// SPDX-License-Identifier: Apache-2.0
#include "config/fingerprint.hpp"

#include "config/keys.hpp"
#include "util/sha256.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace config {

namespace {

constexpr std::array<std::string_view, 15> k_undecided{
    "database",    "limits", "retry",    "throttle", "safety", "clock",   "archive", "plan",
    "certificate", "flags",  "forecast", "state",    "report", "metrics", "log",
};

// A new section decides until somebody says that it does not.
bool decides(const Key& key) {
    if (key.path == "database.time_zone" || key.path == "limits.scan_rows") {
        return true;
    }
    return std::ranges::find(k_undecided, section_of(key)) == k_undecided.end();
}

}  // namespace

std::map<std::string, std::string> deciding_settings(const Config& config) {
    std::map<std::string, std::string> settings;
    for (const Key& key : keys()) {
        if (decides(key)) {
            settings[key.path] = key.print(config);
        }
    }
    return settings;
}

std::string policy_fingerprint(const Config& config) {
    std::string text;
    for (const auto& [path, value] : deciding_settings(config)) {
        text += fmt::format("{}={}\n", path, value);
    }
    return util::sha256_hex(text);
}

}  // namespace config
