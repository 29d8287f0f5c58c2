// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How a URL is written, whatever the server. All throw util::Error(config) by refuse_url.
namespace db {

// The parts of a URL as they stand in it, percent-encoding and all.
struct UrlParts {
    std::string_view scheme{};
    std::string_view user{};
    std::string_view password{};
    std::string_view hosts{};
    std::string_view path{};  // without the slash in front
    std::vector<std::pair<std::string_view, std::string_view>> query{};
};

// Throws util::Error(config) with the reason and the forms there are. No message repeats a piece of
// the URL but the name of a known scheme or of a query key: a password with an unescaped '@', '/'
// or
// '?' could stand anywhere.
[[noreturn]] void refuse_url(std::string_view reason);

UrlParts split_url(std::string_view url);

// Without percent-encoding.
std::string decoded(std::string_view text);

// Leaves what needs no escape in any part of a URL.
std::string encoded(std::string_view text);

// The same, and the slashes of a path.
std::string encoded_path(std::string_view text);

// 1 to 65535.
int port_number(std::string_view text);

// "host:port" or "[::1]:port" to host and port; no port is 0.
std::pair<std::string, int> host_and_port(std::string_view text);

}  // namespace db
