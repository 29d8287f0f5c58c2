// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace config {

// A value that the command line gives to a key.
struct Override {
    std::string path{};
    std::string value{};

    bool operator==(const Override&) const = default;
};

enum class Source { default_value, file, environment, command_line };

// Who set a value.
struct Origin {
    Source source = Source::default_value;
    std::string place{};  // "FILE:LINE", the variable or the option

    bool operator==(const Origin&) const = default;
};

// "default", "FILE:LINE", "environment" or "command line".
std::string to_string(const Origin& origin);

// A value on its way into the configuration.
struct Setting {
    std::string path{};
    std::string value{};
    Origin origin{};
    bool quoted = false;  // written as a text in YAML, so it is no number and no boolean
};

}  // namespace config
