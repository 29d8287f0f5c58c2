// SPDX-License-Identifier: Apache-2.0
#include "db/url_parts.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace db {

namespace {

int hex_digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto at = digits.find(lower);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

void split_query(std::string_view query, UrlParts& parts) {
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos) {
            refuse_url("what follows the '?' has to be key=value, joined by '&'");
        }
        parts.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
}

}  // namespace

void refuse_url(std::string_view reason) {
    throw util::Error(
        util::ErrorKind::config,
        fmt::format(
            "database.url: {}; allowed are mysql://user@host:port/database, "
            "mysql://user@localhost/database?socket=/path, mysql://user@node1,node2/database, "
            "postgresql://user@host:port/database as libpq takes it, and sqlite:///path",
            reason));
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            plain += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
        const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0) {
            refuse_url(
                "a '%' has to be followed by two hexadecimal digits, and a plain one is written "
                "%25");
        }
        plain += static_cast<char>(high * 16 + low);
        at += 2;
    }
    return plain;
}

std::string encoded(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string result;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            result += c;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return result;
}

std::string encoded_path(std::string_view text) {
    std::string result;
    while (true) {
        const auto slash = text.find('/');
        result += encoded(text.substr(0, slash));
        if (slash == std::string_view::npos) {
            return result;
        }
        result += '/';
        text.remove_prefix(slash + 1);
    }
}

int port_number(std::string_view text) {
    int port = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || rest != text.data() + text.size() || port < 1 || port > 65535) {
        refuse_url("the port has to be a number from 1 to 65535");
    }
    return port;
}

std::pair<std::string, int> host_and_port(std::string_view text) {
    std::string_view host = text;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) {
            refuse_url("the ']' behind an IPv6 address is missing");
        }
        host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        host = text.substr(0, colon);
        rest = text.substr(colon);
    }
    if (!rest.empty() && rest.front() != ':') {
        refuse_url("only a ':' and the port may follow the host");
    }
    return {decoded(host), rest.size() > 1 ? port_number(rest.substr(1)) : 0};
}

UrlParts split_url(std::string_view url) {
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) {
        refuse_url("it has to begin with a scheme and '://'");
    }
    UrlParts parts;
    parts.scheme = url.substr(0, colon);
    std::string_view rest = url.substr(colon + 3);
    const auto query = std::min(rest.find('?'), rest.size());
    const auto slash = std::min(rest.find('/'), query);
    std::string_view authority = rest.substr(0, slash);
    if (rest.find('@', slash) != std::string_view::npos) {
        refuse_url(
            "an '@', '/' or '?' in the user name or the password is written %40, %2F or %3F, and "
            "so is an '@' "
            "behind the host");
    }
    parts.path = slash < query ? rest.substr(slash + 1, query - slash - 1) : std::string_view();
    split_query(query < rest.size() ? rest.substr(query + 1) : std::string_view(), parts);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view account = authority.substr(0, at);
        const auto separator = std::min(account.find(':'), account.size());
        parts.user = account.substr(0, separator);
        parts.password = account.substr(std::min(separator + 1, account.size()));
        authority.remove_prefix(at + 1);
    }
    parts.hosts = authority;
    return parts;
}

}  // namespace db
