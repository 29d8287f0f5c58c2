// SPDX-License-Identifier: Apache-2.0
#include "report/burst.hpp"

#include "report/issue_tally.hpp"
#include "report/robust.hpp"

#include <algorithm>
#include <cmath>

namespace report {

namespace {

constexpr std::size_t k_enough_past = 12;
constexpr double k_factor_two = 0.301;

double recent_tokens(const ClientFigures& client) {
    constexpr double seconds = std::chrono::duration<double>(k_now_window).count();
    return client.rates.now * seconds;
}

// Tokens of the whole hours from the client's first token on that ended before the last ten
// minutes.
std::vector<double> past_hours(const ClientFigures& client, util::TimePoint now) {
    std::vector<double> hours;
    for (const IssueBucket& bucket : client.history) {
        if (client.first_issued && bucket.start >= *client.first_issued &&
            bucket.start + std::chrono::hours{1} <= now - k_now_window) {
            hours.push_back(static_cast<double>(bucket.issued));
        }
    }
    return hours;
}

double score_against_past(double recent, std::vector<double> hours) {
    if (recent <= *std::ranges::max_element(hours)) {
        return 0;
    }
    constexpr double windows = std::chrono::hours{1} / k_now_window;
    for (double& hour : hours) {
        hour /= windows;
    }
    return robust_score(recent, hours, std::sqrt(std::max(1.0, median(hours))));
}

}  // namespace

double fleet_level(const ClientFigures& client) {
    return std::log10(recent_tokens(client) + 1);
}

double burst_score(const ClientFigures& client, const std::vector<double>& fleet,
                   util::TimePoint now) {
    const double against_fleet = robust_score(fleet_level(client), fleet, k_factor_two);
    const std::vector<double> hours = past_hours(client, now);
    const double score =
        hours.size() < k_enough_past
            ? against_fleet / 2
            : std::min(against_fleet, score_against_past(recent_tokens(client), hours));
    return std::max(0.0, score);
}

}  // namespace report
