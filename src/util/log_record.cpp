// SPDX-License-Identifier: Apache-2.0
#include "util/log_record.hpp"

#include "util/escape.hpp"
#include "util/time.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace util {

namespace {

std::string_view name(LogLevel level) {
    switch (level) {
    case LogLevel::error:
        return "error";
    case LogLevel::warning:
        return "warning";
    case LogLevel::info:
        return "info";
    case LogLevel::debug:
        return "debug";
    }
    return {};
}

std::string timestamp(std::chrono::sys_seconds time) {
    std::string text = format_time(time);
    text[10] = 'T';
    return text + 'Z';
}

std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + '"';
}

std::string value_text(const LogField::Value& value) {
    if (const auto* const text = std::get_if<std::string>(&value)) {
        const bool plain = !text->empty() && text->find_first_of(" =\"\\") == std::string::npos;
        return escape_controls(plain ? *text : in_quotes(*text));
    }
    return std::visit(
        [](const auto& known) {
            if constexpr (std::same_as<std::decay_t<decltype(known)>, std::string>) {
                return known;
            } else {
                return fmt::format("{}", known);
            }
        },
        value);
}

}  // namespace

std::string text_line(const LogRecord& record) {
    std::string line = fmt::format("{} {:<7} {}", timestamp(record.time), name(record.level),
                                   escape_controls(record.message));
    for (const LogField& field : record.fields) {
        line += fmt::format(" {}={}", field.key, value_text(field.value));
    }
    return line;
}

std::string json_line(const LogRecord& record) {
    nlohmann::ordered_json line{{"time", timestamp(record.time)},
                                {"level", name(record.level)},
                                {"event", record.event},
                                {"message", record.message}};
    for (const LogField& field : record.fields) {
        if (!line.contains(field.key)) {
            std::visit([&](const auto& value) { line[field.key] = value; }, field.value);
        }
    }
    constexpr bool ascii = true;
    return line.dump(-1, ' ', ascii, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace util
