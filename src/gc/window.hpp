// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gc {

// The part of each day in which a run may work, by the wall clock of this machine; from 23:00 to
// 05:00 goes over midnight.
struct Window {
    std::chrono::minutes from{0};  // since midnight, both below a day
    std::chrono::minutes to{0};    // not part of the window

    bool operator==(const Window&) const = default;
};

// Reads "01:00-05:00"; nothing for any other text and for a window without length.
std::optional<Window> parse_window(std::string_view text);

// "01:00-05:00".
std::string to_string(const Window& window);

// Pure: whether a time of day lies in the window.
bool is_open(const Window& window, std::chrono::seconds time_of_day);

// Pure: how long until it opens, from a time of day outside of it; a change to or from summer time
// on the way is not foreseen.
std::chrono::seconds until_open(const Window& window, std::chrono::seconds time_of_day);

}  // namespace gc
