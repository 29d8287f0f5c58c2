// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/keys.hpp"
#include "config/values.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

// One function per type of setting. `access` is a generic lambda from a Config to the member.
namespace config {

// Where a key is written, and what it is for.
struct Name {
    std::string path{};
    std::string option{};
    std::string help{};
};

template <typename Access>
Key whole_number_key(Name name, Range<std::int64_t> range, Access access) {
    return {
        .path = std::move(name.path),
        .option = std::move(name.option),
        .placeholder = "N",
        .type = ValueType::whole_number,
        .help = fmt::format("{}; {}", name.help, range_text(range)),
        .parse = [=](Config& config,
                     std::string_view text) { access(config) = parse_whole_number(text, range); },
        .print = [=](const Config& config) { return fmt::to_string(access(config)); }};
}

template <typename Access>
Key number_key(Name name, Range<double> range, Access access) {
    return {.path = std::move(name.path),
            .option = std::move(name.option),
            .placeholder = "X",
            .type = ValueType::number,
            .help = fmt::format("{}; {}", name.help, range_text(range)),
            .parse = [=](Config& config,
                         std::string_view text) { access(config) = parse_number(text, range); },
            .print = [=](const Config& config) { return fmt::to_string(access(config)); }};
}

template <typename Access>
Key duration_key(Name name, Range<std::chrono::milliseconds> range, Access access) {
    return {.path = std::move(name.path),
            .option = std::move(name.option),
            .placeholder = "TIME",
            .type = ValueType::duration,
            .help = fmt::format("{}; {}", name.help, range_text(range)),
            .parse = [=](Config& config,
                         std::string_view text) { access(config) = parse_duration(text, range); },
            .print = [=](const Config& config) { return util::format_duration(access(config)); }};
}

template <typename Access>
Key flag_key(Name name, Access access) {
    return {.path = std::move(name.path),
            .option = std::move(name.option),
            .placeholder = {},
            .type = ValueType::boolean,
            .help = fmt::format("{}; true or false", name.help),
            .parse = [=](Config& config,
                         std::string_view text) { access(config) = parse_boolean(text); },
            .print = [=](const Config& config) { return fmt::to_string(access(config)); }};
}

template <typename Access>
Key text_key(Name name, const char* placeholder, Access access) {
    return {
        .path = std::move(name.path),
        .option = std::move(name.option),
        .placeholder = placeholder,
        .type = ValueType::text,
        .help = std::move(name.help),
        .parse = [=](Config& config, std::string_view text) { access(config) = parse_text(text); },
        .print = [=](const Config& config) { return std::string(access(config)); }};
}

template <typename Choices, typename Access>
Key choice_key(Name name, const Choices& choices, Access access) {
    return {.path = std::move(name.path),
            .option = std::move(name.option),
            .placeholder = "NAME",
            .type = ValueType::text,
            .choices = names_of(choices),
            .help = fmt::format("{}: {}", name.help, listed(choices)),
            .parse = [=](Config& config,
                         std::string_view text) { access(config) = parse_choice(text, choices); },
            .print = [=](const Config& config) { return print_choice(access(config), choices); }};
}

}  // namespace config
