// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include "config/keys.hpp"
#include "util/closest.hpp"
#include "util/error.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace config {

namespace {

constexpr std::string_view k_prefix = "IAM_TOKEN_GC_";
constexpr std::string_view k_config_file = "IAM_TOKEN_GC_CONFIG";
constexpr std::string_view k_password = "IAM_TOKEN_GC_DATABASE_PASSWORD";

const Key* key_of_variable(std::string_view name) {
    const auto found = std::find_if(keys().begin(), keys().end(),
                                    [&](const Key& key) { return environment_name(key) == name; });
    return found == keys().end() ? nullptr : &*found;
}

[[noreturn]] void unknown_variable(std::string_view name) {
    std::vector<std::string> names{std::string(k_config_file), std::string(k_password)};
    for (const Key& key : keys()) {
        names.push_back(environment_name(key));
    }
    throw util::Error(util::ErrorKind::config,
                      fmt::format("Environment variable {}: no such key{}",
                                  util::escape_controls(name), util::did_you_mean(name, names)));
}

}  // namespace

Environment read_environment(const std::vector<std::string>& variables) {
    Environment environment;
    for (const std::string& variable : variables) {
        const auto equals = variable.find('=');
        if (!variable.starts_with(k_prefix) || equals == std::string::npos) {
            continue;
        }
        const std::string name = variable.substr(0, equals);
        std::string value = variable.substr(equals + 1);
        if (name == k_config_file) {
            environment.config_file = std::move(value);
            continue;
        }
        if (name == k_password) {
            environment.password = std::move(value);
            continue;
        }
        const Key* const key = key_of_variable(name);
        if (key == nullptr) {
            unknown_variable(name);
        }
        environment.settings.push_back({.path = key->path,
                                        .value = std::move(value),
                                        .origin = {.source = Source::environment, .place = name}});
    }
    return environment;
}

std::vector<std::string> process_environment() {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    return variables;
}

}  // namespace config
