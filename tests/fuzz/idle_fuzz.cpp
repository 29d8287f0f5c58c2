// SPDX-License-Identifier: Apache-2.0
// Any text is a memory of refresh tokens or none. What was read prints as something that reads the
// same again, and knows each of its tokens.
#include "report/idle_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::optional<report::KeptIdle> kept = report::parse_idle(text);
    // A range of a few letters may stand for millions.
    if (!kept || kept->memory.tokens.size() > 100'000) {
        return 0;
    }
    const std::string printed = report::idle_text(kept->database, kept->memory);
    const auto again = report::parse_idle(printed);
    if (!again || again->database != kept->database ||
        report::idle_text(again->database, again->memory) != printed) {
        std::abort();
    }
    for (const gc::IdleToken& token : kept->memory.tokens) {
        if (again->memory.since(token.id) != token.since) {
            std::abort();
        }
    }
    return 0;
}
