// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace util {

// A moment as the database session shows it: the wall clock of the session's time zone, UTC by
// default. Microseconds, because PostgreSQL keeps them and a keyset cursor must return exactly what
// it read.
using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

// Reads "2026-05-01 12:00:00", with an optional fraction and "T" for the blank; throws Error(data)
// on anything else.
TimePoint parse_time(std::string_view text);

// "2026-05-01 12:00:00", with ".123456" only when there is a fraction, so that text comparison
// agrees with SQLite's.
std::string format_time(TimePoint time);

// Reads "250ms", "30s", "10min", "1h", "2d" or "0"; throws Error(config) on anything else, a
// negative or a missing unit.
std::chrono::milliseconds parse_duration(std::string_view text);

// The shortest exact spelling that parse_duration reads: 3600 s is "1h", 90 s is "90s".
std::string format_duration(std::chrono::milliseconds duration);

}  // namespace util
