// SPDX-License-Identifier: Apache-2.0
#include "report/escaped.hpp"

#include "util/escape.hpp"

#include <algorithm>
#include <array>

namespace report {

namespace {

struct Replacement {
    char character = 0;
    std::string_view text{};
};

constexpr std::array k_html{
    Replacement{'&', "&amp;"},  Replacement{'<', "&lt;"},   Replacement{'>', "&gt;"},
    Replacement{'"', "&quot;"}, Replacement{'\'', "&#39;"},
};

constexpr std::array k_label{
    Replacement{'\\', R"(\\)"},
    Replacement{'"', R"(\")"},
    Replacement{'\n', R"(\n)"},
};

// Inside a JSON document these stand only in strings, where \u is allowed.
constexpr std::array k_json{
    Replacement{'<', "\\u003c"},
    Replacement{'>', "\\u003e"},
    Replacement{'&', "\\u0026"},
};

template <std::size_t count>
std::string replaced(std::string_view text, const std::array<Replacement, count>& table) {
    std::string result;
    result.reserve(text.size());
    for (const char character : text) {
        const auto found = std::find_if(table.begin(), table.end(), [=](const Replacement& entry) {
            return entry.character == character;
        });
        if (found == table.end()) {
            result += character;
        } else {
            result += found->text;
        }
    }
    return result;
}

// What spreadsheets take for the beginning of a formula, the wide forms of East Asian keyboards
// included; blanks before it do not hold them back.
bool looks_like_formula(std::string_view text) {
    constexpr std::array<std::string_view, 8> signs{"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return std::any_of(signs.begin(), signs.end(),
                       [=](std::string_view sign) { return text.starts_with(sign); });
}

}  // namespace

std::string in_html(std::string_view text) {
    return replaced(util::escape_controls(text), k_html);
}

std::string in_csv(std::string_view text) {
    std::string field = util::escape_controls(text);
    if (looks_like_formula(field)) {
        field.insert(0, 1, '\'');
    }
    if (field.find_first_of(",\"\r\n") == std::string::npos && !field.starts_with(' ') &&
        !field.ends_with(' ')) {
        return field;
    }
    return '"' + replaced(field, std::array{Replacement{'"', "\"\""}}) + '"';
}

std::string in_label(std::string_view text) {
    return replaced(util::escape_controls(text), k_label);
}

std::string json_in_html(std::string_view json) {
    return replaced(json, k_json);
}

}  // namespace report
