// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "util/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace util {

// Keeps keys in the order in which a person wants to read them.
using SealedJson = nlohmann::ordered_json;

// The SHA-256 over a document without its key "sha256", whatever its blanks.
std::string seal_of(const SealedJson& document);

// The document with that sum as its last key, as text that ends in a newline.
std::string sealed(SealedJson document);

// What a document claims to be, for messages.
struct Sealed {
    std::string kind{};  // its key "kind": "iam-token-gc plan"
    int version = 1;     // its key "schema_version"
    std::string path{};
};

// Reads a sealed document; throws Error(data) when it is no JSON, of another kind or version, or
// was altered since it was sealed.
SealedJson open_sealed(std::string_view text, const Sealed& what);

// What `read` makes of such a document; throws Error(data) also when it misses a key that every
// document of that kind has. `name`: "plan"; advice: "; make a new one", or nothing.
template <typename Read>
auto read_sealed(std::string_view text, const Sealed& what, Read&& read, std::string_view name,
                 std::string_view advice = {}) {
    const SealedJson document = open_sealed(text, what);
    try {
        return read(document);
    } catch (const SealedJson::exception&) {
        throw Error(ErrorKind::data, fmt::format("{}: this {} lacks a key that every {} has{}",
                                                 what.path, name, name, advice));
    }
}

}  // namespace util
