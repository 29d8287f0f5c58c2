// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include "util/error.hpp"
#include "util/escape.hpp"
#include "util/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace config {

namespace {

using std::chrono::milliseconds;

// Enough of a value to recognise it in a message.
std::string excerpt(std::string_view text) {
    constexpr std::size_t enough = 60;
    const bool whole = text.size() <= enough;
    return util::escape_controls(text.substr(0, enough)) + (whole ? "" : "...");
}

[[noreturn]] void reject(std::string_view text, std::string_view why) {
    throw util::Error(util::ErrorKind::config, fmt::format("\"{}\" {}", excerpt(text), why));
}

template <typename Number>
Number parse_as(std::string_view text, std::string_view kind) {
    Number value{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error == std::errc::result_out_of_range && end == last) {
        reject(text, "is too large a number");
    }
    if (error != std::errc{} || end != last) {
        reject(text, fmt::format("is not {}", kind));
    }
    return value;
}

template <typename Value>
void check_range(std::string_view text, Value value, Range<Value> range) {
    // The negation also refuses "nan", which is neither below nor above anything.
    if (!(value >= range.lowest && value <= range.highest)) {
        reject(text, fmt::format("is out of range: {}", range_text(range)));
    }
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char character) {
        const auto byte = static_cast<unsigned char>(character);
        return byte < 0x20 || byte == 0x7F;
    });
}

}  // namespace

std::int64_t parse_whole_number(std::string_view text, Range<std::int64_t> range) {
    const auto value = parse_as<std::int64_t>(text, "a whole number");
    check_range(text, value, range);
    return value;
}

double parse_number(std::string_view text, Range<double> range) {
    const auto value = parse_as<double>(text, "a number");
    check_range(text, value, range);
    return value;
}

milliseconds parse_duration(std::string_view text, Range<milliseconds> range) {
    milliseconds value{0};
    try {
        value = util::parse_duration(text);
    } catch (const util::Error&) {
        reject(text,
               "is not a duration: write a whole number and one of ms, s, min, h, d, for example "
               "10min");
    }
    check_range(text, value, range);
    return value;
}

bool parse_boolean(std::string_view text) {
    if (text != "true" && text != "false") {
        reject(text, "is not true or false");
    }
    return text == "true";
}

std::string parse_text(std::string_view text) {
    if (has_control_character(text)) {
        reject(text, "has a control character in it");
    }
    return std::string(text);
}

std::string parse_time_zone(std::string_view text) {
    constexpr std::size_t longest = 64;
    const bool shaped =
        !text.empty() && text.size() <= longest &&
        std::all_of(text.begin(), text.end(), [](char character) {
            return (character >= 'a' && character <= 'z') ||
                   (character >= 'A' && character <= 'Z') ||
                   (character >= '0' && character <= '9') ||
                   std::string_view("+-/:_").find(character) != std::string_view::npos;
        });
    if (!shaped) {
        reject(text, "is not a time zone such as UTC, Europe/Rome or +02:00");
    }
    return std::string(text);
}

std::string parse_url(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    if (has_control_character(text) || text.find("://") == std::string_view::npos) {
        throw util::Error(
            util::ErrorKind::config,
            "the value is not a URL such as mysql://user@host:3306/iam, "
            "postgresql://user@host/iam or sqlite:///path/to/file (it is not shown here, "
            "because it may hold a password)");
    }
    return std::string(text);
}

std::string range_text(Range<std::int64_t> range) {
    if (range.highest == k_no_limit) {
        return fmt::format("{} or more", range.lowest);
    }
    return fmt::format("{} to {}", range.lowest, range.highest);
}

std::string range_text(Range<double> range) {
    return fmt::format("{} to {}", range.lowest, range.highest);
}

std::string range_text(Range<milliseconds> range) {
    return fmt::format("{} to {}", util::format_duration(range.lowest),
                       util::format_duration(range.highest));
}

void bad_choice(std::string_view text, std::string_view listed) {
    reject(text, fmt::format("is not {}", listed));
}

}  // namespace config
