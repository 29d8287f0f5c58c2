// SPDX-License-Identifier: Apache-2.0
// Any text is a history or none. What was read prints as something that reads the same again, and a
// forecast can be made of it.
#include "report/forecast.hpp"
#include "report/state.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::optional<report::State> state = report::parse_state(text);
    if (!state) {
        return 0;
    }
    const std::string printed = report::state_text(*state);
    const std::optional<report::State> again = report::parse_state(printed);
    if (!again || report::state_text(*again) != printed) {
        std::abort();
    }
    report::Fleet fleet{.now = util::TimePoint{std::chrono::days{20'000}}};
    fleet.totals.left = 1000;
    report::State next = *state;
    report::add_point(next, {.at = fleet.now, .tokens = 5000, .backlog = 1000, .bytes = 1'000'000});
    if (report::forecast_of(fleet, {.state = next}).sentences.empty()) {
        std::abort();
    }
    return 0;
}
