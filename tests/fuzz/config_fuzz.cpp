// SPDX-License-Identifier: Apache-2.0
// Any text is a configuration or an util::Error, and what was read prints as something that reads
// the same again.
#include "config/keys.hpp"
#include "config/yaml.hpp"
#include "util/error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void read_and_print(const config::Setting& setting) {
    const config::Key* const key = config::find_key(setting.path);
    if (key == nullptr) {
        std::abort();
    }
    config::Config config;
    try {
        key->parse(config, setting.value);
    } catch (const util::Error&) {
        return;
    }
    // A URL prints without its password.
    if (setting.path.ends_with("url") || setting.path == "throttle.replicas") {
        return;
    }
    const std::string printed = key->print(config);
    config::Config again;
    key->parse(again, printed);
    if (key->print(again) != printed) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    try {
        for (const config::Setting& setting : config::parse_yaml(text, "fuzz.yaml")) {
            read_and_print(setting);
        }
    } catch (const util::Error&) {
        return 0;
    }
    return 0;
}
