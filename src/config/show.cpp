// SPDX-License-Identifier: Apache-2.0
#include "config/show.hpp"

#include "config/keys.hpp"
#include "util/escape.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>

namespace config {

namespace {

nlohmann::ordered_json typed_value(const Key& key, const Config& config) {
    const std::string text = key.print(config);
    switch (key.type) {
    case ValueType::whole_number:
        return std::stoll(text);
    case ValueType::number:
        return std::stod(text);
    case ValueType::boolean:
        return text == "true";
    case ValueType::text:
    case ValueType::duration:
        return text;
    }
    return {};
}

std::string as_line(const nlohmann::ordered_json& value) {
    return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string yaml_value(const Key& key, const Config& config) {
    // A JSON string is also a YAML string, quotes and all.
    return key.type == ValueType::text ? as_line(typed_value(key, config)) : key.print(config);
}

}  // namespace

std::string show_text(const Loaded& loaded) {
    std::string text =
        fmt::format("# configuration file: {}\n",
                    loaded.file.empty() ? "none" : util::escape_controls(loaded.file));
    std::string_view section;
    for (const Key& key : keys()) {
        const std::string_view own_section = section_of(key);
        if (own_section != section && !own_section.empty()) {
            text += fmt::format("{}:\n", own_section);
        }
        section = own_section;
        const std::string line =
            fmt::format("{}{}: {}", section.empty() ? "" : "  ",
                        std::string_view(key.path).substr(section.empty() ? 0 : section.size() + 1),
                        yaml_value(key, loaded.config));
        text += fmt::format("{:<40}  # {}\n", line,
                            util::escape_controls(to_string(loaded.origins.at(key.path))));
    }
    return text;
}

std::string show_json(const Loaded& loaded) {
    nlohmann::ordered_json document{{"schema_version", 1}};
    document["file"] =
        loaded.file.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(loaded.file);
    for (const Key& key : keys()) {
        document["settings"][key.path] = {{"value", typed_value(key, loaded.config)},
                                          {"origin", to_string(loaded.origins.at(key.path))}};
    }
    constexpr int indent = 2;
    return document.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
           "\n";
}

}  // namespace config
