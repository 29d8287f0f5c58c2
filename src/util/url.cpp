// SPDX-License-Identifier: Apache-2.0
#include "util/url.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace util {

namespace {

constexpr std::string_view k_hidden = "***";
constexpr auto k_none = std::string_view::npos;

int hex_digit(char character) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    const auto at = digits.find(lower);
    return at == k_none ? -1 : static_cast<int>(at);
}

// In lower case and without percent-encoding: libpq takes "p%61ssword" for "password".
std::string plain_name(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char character = text[i];
        if (character == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            character = static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    }
    return name;
}

bool names_a_secret(std::string_view parameter) {
    const std::string name = plain_name(parameter);
    const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
    return (has("pass") && name != "passfile") || has("pwd") || has("secret");
}

std::string hide_parameters(std::string_view query) {
    std::string shown;
    while (true) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view parameter = query.substr(0, end);
        const auto equals = parameter.find('=');
        if (equals != k_none && equals + 1 < parameter.size() &&
            names_a_secret(parameter.substr(0, equals))) {
            shown += parameter.substr(0, equals + 1);
            shown += k_hidden;
        } else {
            shown += parameter;
        }
        if (end == query.size()) {
            return shown;
        }
        shown += '&';
        query.remove_prefix(end + 1);
    }
}

// Where the host starts behind "user:password@". A password may hold an unescaped "/", "@" or "?",
// so the last "@" counts, at best one that is no part of a parameter.
std::size_t host_start(std::string_view rest) {
    const auto before_query = rest.substr(0, rest.find('?')).rfind('@');
    const auto at = before_query != k_none ? before_query : rest.rfind('@');
    return at == k_none ? 0 : at;
}

}  // namespace

std::string without_password(std::string_view url) {
    const auto scheme_end = url.find("://");
    if (scheme_end == k_none) {
        return url.empty() ? std::string{} : std::string(k_hidden);
    }
    std::string shown(url.substr(0, scheme_end + 3));
    std::string_view rest = url.substr(scheme_end + 3);
    if (!plain_name(url.substr(0, scheme_end)).starts_with("sqlite")) {
        const auto at = host_start(rest);
        const auto colon = rest.substr(0, at).find(':');
        if (colon != k_none && colon + 1 < at) {
            shown += rest.substr(0, colon + 1);
            shown += k_hidden;
            rest.remove_prefix(at);
        }
    }
    const auto query = rest.find('?');
    shown += rest.substr(0, query);
    if (query != k_none) {
        shown += '?';
        shown += hide_parameters(rest.substr(query + 1));
    }
    return shown;
}

bool has_password(std::string_view url) {
    return without_password(url) != url;
}

}  // namespace util
