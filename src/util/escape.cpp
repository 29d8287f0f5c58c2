// SPDX-License-Identifier: Apache-2.0
#include "util/escape.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace util {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t length = 0;  // bytes; 0 when the text does not start with a UTF-8 character
};

struct Lead {
    std::size_t length = 0;
    char32_t bits = 0;
    char32_t lowest = 0;  // a smaller code in this length is an overlong form
};

Lead lead(unsigned char byte) {
    if (byte < 0x80) {
        return {.length = 1, .bits = byte, .lowest = 0};
    }
    if (byte >= 0xC2 && byte < 0xE0) {
        return {.length = 2, .bits = byte & 0x1FU, .lowest = 0x80};
    }
    if (byte >= 0xE0 && byte < 0xF0) {
        return {.length = 3, .bits = byte & 0x0FU, .lowest = 0x800};
    }
    if (byte >= 0xF0 && byte < 0xF5) {
        return {.length = 4, .bits = byte & 0x07U, .lowest = 0x10000};
    }
    return {};
}

Character first_character(std::string_view text) {
    const Lead start = lead(static_cast<unsigned char>(text.front()));
    if (start.length == 0 || start.length > text.size()) {
        return {};
    }
    char32_t code = start.bits;
    for (std::size_t i = 1; i < start.length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80U) {
            return {};
        }
        code = (code << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < start.lowest || code > 0x10FFFF || surrogate) {
        return {};
    }
    return {.code = code, .length = start.length};
}

bool changes_the_display(char32_t code) {
    return (code >= 0x80 && code <= 0x9F) ||      // C1 controls
           (code >= 0x200B && code <= 0x200F) ||  // invisible characters and direction marks
           (code >= 0x2028 && code <= 0x202E) ||  // line separators and direction overrides
           (code >= 0x2060 && code <= 0x206F) ||  // invisible operators and direction isolates
           code == 0x061C || code == 0xFEFF;
}

}  // namespace

std::string escape_controls(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    while (!text.empty()) {
        const Character character = first_character(text);
        if (character.length == 0 || character.code < 0x20 || character.code == 0x7F) {
            fmt::format_to(std::back_inserter(escaped), "\\x{:02x}",
                           static_cast<unsigned char>(text.front()));
            text.remove_prefix(1);
            continue;
        }
        if (changes_the_display(character.code)) {
            fmt::format_to(std::back_inserter(escaped), "\\u{:04x}",
                           static_cast<std::uint32_t>(character.code));
        } else {
            escaped += text.substr(0, character.length);
        }
        text.remove_prefix(character.length);
    }
    return escaped;
}

}  // namespace util
