// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace cli {

// One exit code: what it means, and what to do about it (architecture.md, table of exit codes).
struct ExitCode {
    std::string_view code{};     // "65", or "130, 143"
    std::string_view meaning{};  // for help and man page, without the full stop
    std::string_view remedy{};   // what to do, in full sentences
};

// In the order of their numbers.
std::span<const ExitCode> exit_codes();

// One reason for which the program refuses to go on, or leaves something out.
struct Refusal {
    std::string_view says{};     // words of the message by which it is recognised
    std::string_view meaning{};  // in full sentences
    std::string_view remedy{};
};

std::span<const Refusal> refusals();

}  // namespace cli
