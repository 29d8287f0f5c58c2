// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// How a value looks in YAML and JSON.
enum class ValueType { text, whole_number, number, boolean, duration };

// One setting with everything that is known about it. YAML, environment, command line, `--help`,
// `config show` and the tests of the documentation all read this table, so that none of them can
// disagree.
struct Key {
    std::string path{};         // "limits.batch_size"
    std::string option{};       // "--batch-size"; empty: set by --skip and --only
    std::string placeholder{};  // "N"; empty for a flag, which sets "true"
    ValueType type = ValueType::text;
    std::vector<std::string> choices{};  // every value, where it is one of a few names
    std::string help{};                  // one sentence with unit and range, without the full stop
    // Throws Error(config) that names the value but not the key.
    std::function<void(Config&, std::string_view)> parse{};
    // What parse reads; for a URL without its password.
    std::function<std::string(const Config&)> print{};
};

// Every key, in the order of the documentation.
const std::vector<Key>& keys();

// The key with that path, or null.
const Key* find_key(std::string_view path);

// "limits" for "limits.batch_size", and nothing for "grace".
std::string_view section_of(const Key& key);

// "IAM_TOKEN_GC_LIMITS_BATCH_SIZE" for "limits.batch_size".
std::string environment_name(const Key& key);

// The value a key has when nobody sets it.
std::string default_of(const Key& key);

// "unknown key (did you mean limits.batch_size?)".
std::string unknown_key(std::string_view path);

}  // namespace config
