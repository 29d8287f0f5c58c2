// SPDX-License-Identifier: Apache-2.0
#include "util/local_time.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>

namespace util {

LocalTime local_time() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    tzset();
    localtime_r(&now, &parts);
    const long minutes = std::labs(parts.tm_gmtoff) / 60;
    return {.time_of_day = std::chrono::hours{parts.tm_hour} + std::chrono::minutes{parts.tm_min} +
                           std::chrono::seconds{parts.tm_sec},
            .zone = fmt::format("{} (UTC{}{:02}:{:02})", parts.tm_zone,
                                parts.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60)};
}

}  // namespace util
