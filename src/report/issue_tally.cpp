// SPDX-License-Identifier: Apache-2.0
#include "report/issue_tally.hpp"

#include <algorithm>
#include <array>

namespace report {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t k_open_minutes = 256;
constexpr std::chrono::minutes k_clock_difference{5};
constexpr std::array<std::chrono::minutes, 4> k_windows{k_now_window, 1h, 24h, k_history};

}  // namespace

void IssueTally::add(util::TimePoint minute, std::int64_t tokens) {
    if (tokens == 0 || minute > m_now + k_clock_difference) {
        return;
    }
    m_first = m_first ? std::min(*m_first, minute) : minute;
    m_last = m_last ? std::max(*m_last, minute) : minute;
    for (std::size_t i = 0; i < k_windows.size(); ++i) {
        m_in_window[i] += minute > m_now - k_windows.at(i) ? tokens : 0;
    }
    const util::TimePoint hour = std::chrono::floor<std::chrono::hours>(minute);
    if (hour > m_now - k_history) {
        m_hours[hour] += tokens;
    }
    note_peak(minute, tokens);
}

void IssueTally::note_peak(util::TimePoint minute, std::int64_t tokens) {
    const std::int64_t sum = m_minutes[minute] += tokens;
    if (sum > m_peak) {
        m_peak = sum;
        m_peak_at = minute;
    }
    if (m_minutes.size() > k_open_minutes) {
        // Slices go by id and so by time of issue: what is farthest away is not coming back.
        const auto first = m_minutes.begin();
        const auto last = std::prev(m_minutes.end());
        m_minutes.erase(minute - first->first > last->first - minute ? first : last);
    }
}

IssueRates IssueTally::rates(std::chrono::seconds covered) const {
    const auto per_second = [&](std::size_t window) {
        const std::chrono::seconds seconds = std::max<std::chrono::seconds>(
            k_now_window, std::min<std::chrono::seconds>(k_windows.at(window), covered));
        return static_cast<double>(m_in_window[window]) / static_cast<double>(seconds.count());
    };
    return {.now = per_second(0),
            .last_hour = per_second(1),
            .last_day = per_second(2),
            .last_week = per_second(3),
            .peak = static_cast<double>(m_peak) / 60,
            .peak_at = m_peak_at};
}

std::vector<IssueBucket> IssueTally::history() const {
    std::vector<IssueBucket> buckets;
    if (m_hours.empty()) {
        return buckets;
    }
    const util::TimePoint newest = std::chrono::floor<std::chrono::hours>(m_now);
    for (util::TimePoint hour = newest - k_history + 1h; hour <= newest; hour += 1h) {
        const auto found = m_hours.find(hour);
        buckets.push_back({.start = hour, .issued = found == m_hours.end() ? 0 : found->second});
    }
    return buckets;
}

}  // namespace report
