// SPDX-License-Identifier: Apache-2.0
#include "util/sealed_json.hpp"

#include "util/sha256.hpp"

#include <fmt/format.h>

namespace util {

namespace {

constexpr auto k_replace = SealedJson::error_handler_t::replace;

[[noreturn]] void refuse(const Sealed& what, const std::string& why) {
    throw Error(ErrorKind::data, fmt::format("{}: {}", what.path, why));
}

}  // namespace

std::string seal_of(const SealedJson& document) {
    SealedJson bare = document;
    bare.erase("sha256");
    return sha256_hex(bare.dump(-1, ' ', false, k_replace));
}

std::string sealed(SealedJson document) {
    document.erase("sha256");
    document["sha256"] = seal_of(document);
    return document.dump(2, ' ', false, k_replace) + "\n";
}

SealedJson open_sealed(std::string_view text, const Sealed& what) {
    SealedJson document = SealedJson::parse(text, nullptr, false);
    if (!document.is_object() || document.value("kind", SealedJson()) != SealedJson(what.kind)) {
        refuse(what, fmt::format("this is no {}, or it is damaged; name another file", what.kind));
    }
    if (document.value("schema_version", SealedJson()) != SealedJson(what.version)) {
        refuse(what, fmt::format("this {} has a version that this program does not know ({} is "
                                 "known); use the program that wrote it",
                                 what.kind, what.version));
    }
    if (document.value("sha256", SealedJson()) != SealedJson(seal_of(document))) {
        refuse(what, fmt::format("this {} was altered after it was written, for its SHA-256 is "
                                 "another; make a new one or find the original",
                                 what.kind));
    }
    return document;
}

}  // namespace util
