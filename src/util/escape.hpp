// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace util {

// The text with everything that could act on a terminal or break a line made visible: control
// characters and bytes that are no UTF-8 become "\x1b", C1 controls, line separators and direction
// marks become "\u202e". Client names come from anybody who may register a client, so they are not
// to be trusted.
std::string escape_controls(std::string_view text);

}  // namespace util
