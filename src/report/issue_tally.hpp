// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "report/fleet.hpp"

#include <map>
#include <optional>
#include <vector>

namespace report {

inline constexpr std::chrono::minutes k_now_window{10};
inline constexpr std::chrono::hours k_history{168};

// When the tokens of one client were issued, minute by minute, in memory that does not grow with
// their number or with the time they span.
class IssueTally {
public:
    explicit IssueTally(util::TimePoint now = {}) : m_now(now) {}

    // Tokens issued within the minute that starts at that moment, in any order. A minute that comes
    // back after 256 others were seen counts as a new one for the peak. Minutes that lie more than
    // five in the future tell of a validity that has changed, and are left out.
    void add(util::TimePoint minute, std::int64_t tokens);

    // Tokens per second. `covered` is how long ago a token may have been issued and still be in the
    // table: what is older was removed, so that no window counts as longer than that.
    IssueRates rates(std::chrono::seconds covered) const;
    // Tokens of the last ten minutes.
    std::int64_t recent() const { return m_in_window[0]; }
    // The hours of the last week, oldest first; empty when nothing was issued in it.
    std::vector<IssueBucket> history() const;
    std::optional<util::TimePoint> first() const { return m_first; }
    std::optional<util::TimePoint> last() const { return m_last; }

private:
    void note_peak(util::TimePoint minute, std::int64_t tokens);

    util::TimePoint m_now;
    std::vector<std::int64_t> m_in_window = std::vector<std::int64_t>(4, 0);
    std::map<util::TimePoint, std::int64_t> m_hours{};
    std::map<util::TimePoint, std::int64_t> m_minutes{};
    std::int64_t m_peak = 0;
    std::optional<util::TimePoint> m_peak_at{};
    std::optional<util::TimePoint> m_first{};
    std::optional<util::TimePoint> m_last{};
};

}  // namespace report
