// SPDX-License-Identifier: Apache-2.0
// How files that one run keeps for the next are read: what cannot be used is no error, the next run
// starts anew.
#pragma once

#include "report/json.hpp"
#include "util/error.hpp"
#include "util/kept_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace report {

// Pure: what `read` makes of a JSON text of that version; nothing when the text is another, or
// `read` throws util::Error or misses a key.
template <typename Read>
auto parse_kept(std::string_view text, int version, Read read)
    -> std::optional<decltype(read(Json{}))> {
    try {
        const Json json = Json::parse(text);
        return json.at("version") == version ? std::optional(read(json)) : std::nullopt;
    } catch (const Json::exception&) {
        return std::nullopt;
    } catch (const util::Error&) {  // a time that is none, a figure that cannot be
        return std::nullopt;
    }
}

// What `parse` makes of a file of at most `largest` bytes, if it is of that database; else nothing,
// and why: empty when there was no file yet.
template <typename Parse>
auto load_kept(const std::string& path, std::uintmax_t largest, const std::string& database,
               Parse parse) -> std::pair<decltype(parse(std::string_view{})), std::string> {
    util::KeptText file = util::read_kept(path, largest);
    if (!file.text) {
        return {std::nullopt, std::move(file.why)};
    }
    auto kept = parse(*file.text);
    if (!kept) {
        return {std::nullopt, "is broken"};
    }
    if (kept->database != database) {
        return {std::nullopt, "is of another database"};
    }
    return {std::move(kept), std::string{}};
}

}  // namespace report
