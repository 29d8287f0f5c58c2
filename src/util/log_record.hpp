// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace util {

// How loud the log is: each level includes those before it.
enum class LogLevel { error, warning, info, debug };

// A named value of a log record: text, a number or true/false.
struct LogField {
    using Value = std::variant<std::string, std::int64_t, double, bool>;

    LogField(std::string name, std::string_view text)
        : key(std::move(name)), value(std::string(text)) {}
    LogField(std::string name, const std::string& text) : key(std::move(name)), value(text) {}
    LogField(std::string name, const char* text) : key(std::move(name)), value(std::string(text)) {}
    LogField(std::string name, bool flag) : key(std::move(name)), value(flag) {}
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) LogField(std::string name, Number number)
        : key(std::move(name)), value(static_cast<std::int64_t>(number)) {}
    template <std::floating_point Number>
    LogField(std::string name, Number number)
        : key(std::move(name)), value(static_cast<double>(number)) {}

    std::string key{};
    Value value;
};

struct LogRecord {
    std::chrono::sys_seconds time{};
    LogLevel level = LogLevel::info;
    std::string event = "message";
    std::string message{};
    std::vector<LogField> fields{};
};

// "2026-05-01T12:00:00Z info    message key=value": one line for people, control characters
// escaped, values with blanks quoted; without the line feed.
std::string text_line(const LogRecord& record);

// The record as one JSON object in ASCII: time, level, event, message, then the fields; without the
// line feed. A field never replaces one of those four.
std::string json_line(const LogRecord& record);

}  // namespace util
