// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/config.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How the value of a setting is written. Every parse function throws Error(config) with a text that
// starts with the value; the caller puts the name of the key and its place in front.
namespace config {

template <typename Value>
struct Range {
    Value lowest{};
    Value highest{};
};

// A number without an upper end.
inline constexpr std::int64_t k_no_limit = INT64_MAX;

std::int64_t parse_whole_number(std::string_view text, Range<std::int64_t> range);
double parse_number(std::string_view text, Range<double> range);
std::chrono::milliseconds parse_duration(std::string_view text,
                                         Range<std::chrono::milliseconds> range);
// "true" or "false", nothing else.
bool parse_boolean(std::string_view text);
// Any text without control characters.
std::string parse_text(std::string_view text);
// A name of the time zone database or an offset such as +02:00, by its shape.
std::string parse_time_zone(std::string_view text);
// A text with "://" in it; the message never repeats it, because it may hold a password.
std::string parse_url(std::string_view text);

// "1 to 100000", "0 or more", "10ms to 10s".
std::string range_text(Range<std::int64_t> range);
std::string range_text(Range<double> range);
std::string range_text(Range<std::chrono::milliseconds> range);

// The names of an enumeration's values.
template <typename Choice, std::size_t size>
using Names = std::array<std::pair<std::string_view, Choice>, size>;

inline constexpr Names<Format, 2> k_formats{{{"text", Format::text}, {"json", Format::json}}};
inline constexpr Names<ReportFormat, 6> k_report_formats{
    {{"text", ReportFormat::text},
     {"json", ReportFormat::json},
     {"csv", ReportFormat::csv},
     {"openmetrics", ReportFormat::openmetrics},
     {"html", ReportFormat::html},
     {"mail", ReportFormat::mail}}};
inline constexpr Names<FailOn, 2> k_fail_on{
    {{"nothing", FailOn::nothing}, {"flagged", FailOn::flagged}}};
inline constexpr Names<ArchiveMode, 2> k_archive_modes{
    {{"ids", ArchiveMode::ids}, {"full", ArchiveMode::full}}};
inline constexpr Names<LogLevel, 4> k_log_levels{{{"error", LogLevel::error},
                                                  {"warning", LogLevel::warning},
                                                  {"info", LogLevel::info},
                                                  {"debug", LogLevel::debug}}};

// Throws the error for a value that is none of those listed.
[[noreturn]] void bad_choice(std::string_view text, std::string_view listed);

// "text or json".
template <typename Choice, std::size_t size>
std::string listed(const Names<Choice, size>& names) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += i == 0 ? "" : i + 1 == size ? " or " : ", ";
        text += names[i].first;
    }
    return text;
}

template <typename Choice, std::size_t size>
std::vector<std::string> names_of(const Names<Choice, size>& names) {
    std::vector<std::string> texts;
    for (const auto& [name, choice] : names) {
        texts.emplace_back(name);
    }
    return texts;
}

template <typename Choice, std::size_t size>
Choice parse_choice(std::string_view text, const Names<Choice, size>& names) {
    for (const auto& [name, choice] : names) {
        if (name == text) {
            return choice;
        }
    }
    bad_choice(text, listed(names));
}

template <typename Choice, std::size_t size>
std::string print_choice(Choice value, const Names<Choice, size>& names) {
    for (const auto& [name, choice] : names) {
        if (choice == value) {
            return std::string(name);
        }
    }
    return {};
}

}  // namespace config
