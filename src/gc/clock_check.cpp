// SPDX-License-Identifier: Apache-2.0
#include "gc/clock_check.hpp"

#include "util/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace gc {

namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes k_step{30};
constexpr minutes k_widest{14 * 60};
constexpr std::int64_t k_enough = 3;

util::TimePoint issued(const IssuedToken& token) {
    return token.expiration - seconds{token.validity_seconds};
}

// True when some token was issued just now by the database's clock, which no wrong time zone can
// make happen to all.
bool is_fresh(const std::vector<IssuedToken>& newest, util::TimePoint now, microseconds tolerance) {
    return std::any_of(newest.begin(), newest.end(), [&](const IssuedToken& token) {
        return std::chrono::abs(now - issued(token)) <= tolerance;
    });
}

minutes nearest_zone(microseconds difference) {
    const auto steps =
        static_cast<double>(difference.count()) /
        static_cast<double>(std::chrono::duration_cast<microseconds>(k_step).count());
    return k_step * static_cast<std::int64_t>(steps + (steps < 0 ? -0.5 : 0.5));
}

}  // namespace

std::string_view name(ClockState state) {
    switch (state) {
    case ClockState::plausible:
        return "plausible";
    case ClockState::unknown:
        return "unknown";
    case ClockState::shifted:
        return "shifted";
    case ClockState::ignored:
        return "ignored";
    }
    return {};
}

ClockFinding check_clock(const std::vector<IssuedToken>& newest, util::TimePoint now,
                         const ClockSettings& settings) {
    if (newest.empty()) {
        return {.text = "no token tells when it was issued, so the time zone could not be checked"};
    }
    util::TimePoint latest = issued(newest.front());
    for (const IssuedToken& token : newest) {
        latest = std::max(latest, issued(token));
    }
    const microseconds difference = now - latest;
    const minutes zone = nearest_zone(difference);
    const bool near = std::chrono::abs(difference - zone) <= settings.tolerance;
    const bool explained = zone.count() != 0 && near && std::chrono::abs(zone) <= k_widest;
    if (!explained || is_fresh(newest, now, settings.tolerance)) {
        return {.state = ClockState::plausible,
                .text = fmt::format("the newest token was issued at {} by the database's clock",
                                    util::format_time(latest))};
    }
    const auto telling = std::count_if(newest.begin(), newest.end(), [&](const IssuedToken& token) {
        return difference.count() > 0 || issued(token) > now + settings.tolerance;
    });
    if (telling < k_enough) {
        return {.text = "too few tokens tell when they were issued to check the time zone"};
    }
    ClockFinding finding{.state = settings.ignore ? ClockState::ignored : ClockState::shifted,
                         .shift = zone};
    finding.text = fmt::format(
        "the newest tokens seem to be issued {} min {} the database's now ({}), as if the identity "
        "server wrote "
        "in another time zone; set database.time_zone to the zone of the server's JVM, or, if no "
        "token was issued "
        "since {}, use --ignore-clock-check",
        std::abs(zone.count()), zone.count() > 0 ? "before" : "after", util::format_time(now),
        util::format_time(latest));
    return finding;
}

void require_plausible(const ClockFinding& finding) {
    if (finding.state == ClockState::shifted) {
        throw util::Error(util::ErrorKind::data, finding.text);
    }
}

}  // namespace gc
