// SPDX-License-Identifier: Apache-2.0
#pragma once

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

}  // namespace util
