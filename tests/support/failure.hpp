// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "util/error.hpp"

#include <optional>
#include <string>

namespace test {

// How a call failed: its kind and its message; no kind when it did not fail.
struct Failure {
    std::optional<util::ErrorKind> kind{};
    std::string message{};

    bool says(const std::string& text) const { return message.find(text) != std::string::npos; }
};

template <typename Call>
Failure failure_of(const Call& call) {
    try {
        call();
    } catch (const util::Error& error) {
        return {.kind = error.kind(), .message = error.what()};
    }
    return {};
}

}  // namespace test
